import type { Box } from '../canvas/touched-tiles';

/** More features of one edit than these are not named in its event. */
export const MAX_NAMED = 100;

/** What somebody did to a layer, as the event `layer.changed` tells it. */
export interface LayerEdit {
  layer: string;
  version: number;
  features: string[];
  boxes: Box[];
}

/** Whether the edit is, or may be, about this feature (layer/id). */
export function isAbout(edit: LayerEdit, feature: string): boolean {
  const named = edit.features.some((id) => `${edit.layer}/${id}` === feature);
  return named || (edit.features.length >= MAX_NAMED && feature.startsWith(`${edit.layer}/`));
}
