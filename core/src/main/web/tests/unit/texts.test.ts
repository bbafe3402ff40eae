import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ALL_TEXTS } from '../../shared/texts';

const web = join(import.meta.dirname, '../..');
const sources = ['map', 'shared'].flatMap((folder) =>
  readdirSync(join(web, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('texts'))
    .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(join(web, folder, name), 'utf8') })),
);
const code = sources.map((one) => one.text).join('\n');
/** What `word('status', …)` and `` t(`span_${…}`) `` look up. */
const prefixes = [...code.matchAll(/word\('(\w+)'|t\(`(\w+)_\$\{|word\(event\.kind/g)].flatMap((one) => one[1] ?? one[2] ?? ['status', 'priority']);

describe('texts', () => {
  it('are all used', () => {
    const unused = Object.keys(ALL_TEXTS).filter(
      (key) => !new RegExp(`['"\`]${key}['"\`]`).test(code) && !prefixes.some((prefix) => key.startsWith(`${prefix}_`)),
    );
    expect(unused).toEqual([]);
  });

  it('are there wherever one is asked for by name', () => {
    const asked = [...code.matchAll(/\bt\('(\w+)'/g)].map((one) => String(one[1]));
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.filter((key) => !(key in ALL_TEXTS))).toEqual([]);
  });

  it('are translated: Vietnamese and English differ', () => {
    const same = Object.entries(ALL_TEXTS).filter(([, [vi, en]]) => vi === en);
    expect(same.map(([key]) => key)).toEqual(['witness_camera']);
  });

  it('stand nowhere but in the one table', () => {
    const diacritics = /[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i;
    // A panel's own table is held to the same by its own test.
    const allowed = new Set(['map/layers/import-texts.ts', 'map/parts/quantities.ts', 'map/switches.ts', 'shared/format.ts']);
    const strays = sources
      .filter((one) => !allowed.has(one.name))
      .filter((one) => diacritics.test(one.text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')))
      .map((one) => one.name);
    expect(strays).toEqual([]);
  });
});
