import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { Sign } from '../canvas/layer-styles';
import { store } from '../store';

/** A sign of a legend, as the map draws it. */
export function swatch(sign: Sign): TemplateResult {
  return html`<svg class="swatch" viewBox="0 0 16 12" aria-hidden="true">${shape(sign)}</svg>`;
}

function shape({ symbol, color, outline }: Sign): SVGTemplateResult {
  const edge = outline ?? color;
  switch (symbol) {
    case 'circle':
      return svg`<circle cx="8" cy="6" r="5" fill=${color} stroke=${edge}></circle>`;
    case 'line':
      return svg`<rect x="0.5" y="3.500" width="15" height="5" rx="2" fill=${color} stroke=${edge}></rect>`;
    case 'fill':
      return svg`<rect x="0.5" y="0.5" width="15" height="11" rx="2" fill=${color} stroke=${edge}></rect>`;
  }
}

/** The sign that stands for a whole layer; sensors and tickets have their own. */
export function layerIcon(name: string): TemplateResult {
  const sign = store.styles.of(name).value?.legend[0];
  return sign === undefined ? html`<i class="swatch" data-layer=${name} aria-hidden="true"></i>` : swatch(sign);
}
