import { CallFailed, type Failure } from '../../shared/api';

/** Something that is fetched: not there yet, there, or refused and why. What was there stays while it is fetched anew. */
export interface Loaded<T> {
  value: T | null;
  failure: Failure | null;
  loading: boolean;
}

export function nothing<T>(): Loaded<T> {
  return { value: null, failure: null, loading: false };
}

/** Whether it is not there because the service could not be reached. */
export function isOffline(loaded: Loaded<unknown>): boolean {
  return loaded.failure?.kind === 'offline';
}

/** The failure in what was thrown; anything else is a fault of this page and goes on to the console. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof CallFailed) {
    return thrown.failure;
  }
  throw thrown;
}
