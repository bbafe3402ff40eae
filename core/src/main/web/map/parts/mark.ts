import { html, svg, type TemplateResult } from 'lit';
import { SHAPES, type Look } from './look';

/** A state's mark, the same as on the map. */
export function mark(look: Look): TemplateResult {
  const { outline, glyph } = SHAPES[look];
  return html`<svg class="mark" data-look=${look} viewBox="0 0 20 20" aria-hidden="true">
    ${svg`<path class="outline" d=${outline}></path><path class="glyph" d=${glyph}></path>`}
  </svg>`;
}
