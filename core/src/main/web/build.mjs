// What Maven runs: nothing when the sources, the lock file and the output are as they were, else `npm ci` (only when the
// lock file changed) and `npm run build`.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';

const here = import.meta.dirname;
const target = resolve(here, '../../../target');
const built = join(target, 'web.built');
const installed = join(here, 'node_modules', '.canopy-lock');

function files(folder) {
  return readdirSync(folder)
    .sort()
    .filter((name) => name !== 'node_modules')
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? files(path) : [path]));
}

function hash(paths) {
  const sum = createHash('sha256');
  for (const path of paths) {
    sum.update(path).update(readFileSync(path));
  }
  return sum.digest('hex');
}

function sameAs(path, text) {
  return existsSync(path) && readFileSync(path, 'utf8') === text;
}

function run(...args) {
  const done = spawnSync('npm', args, { cwd: here, stdio: 'inherit' });
  if (done.error) {
    throw new Error(`npm cannot be run (${done.error.message}): install Node.js 20.19 or later with npm`);
  }
  if (done.status !== 0) {
    process.exit(done.status ?? 1);
  }
}

const sources = hash(files(here));
if (!(sameAs(built, sources) && existsSync(join(target, 'classes/web/index.html')))) {
  const lock = hash([join(here, 'package-lock.json')]);
  if (!sameAs(installed, lock)) {
    run('ci', '--ignore-scripts');
    writeFileSync(installed, lock);
  }
  run('run', 'build');
  mkdirSync(target, { recursive: true });
  writeFileSync(built, sources);
}
