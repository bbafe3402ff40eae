import { describe, expect, it } from 'vitest';
import { near } from '../../map/layers/edit-calls';

describe('a tree that may be there twice', () => {
  it('is named with its distance', () => {
    expect(near(new Headers({ 'possible-duplicate': 'c%C3%A2y%201; meters=0.43' }))).toEqual([{ id: 'cây 1', meters: 0.43 }]);
  });

  it('is none where nothing is said', () => {
    expect(near(new Headers())).toEqual([]);
  });
});
