import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Feature, FeatureCollection } from 'geojson';
import { t } from '../../shared/texts';
import { bounds, middle } from '../canvas/places';
import type { Box } from '../canvas/touched-tiles';
import { failed } from '../parts/notice';
import { Part } from '../parts/part';
import { store, type Topic } from '../store';
import { mayAct } from '../tickets/moves';
import { desk } from './desk';

/** The degrees of latitude that the map reaches. */
const MOST_NORTH = 85;

function isNear(feature: Feature, city: Box | null): boolean {
  const place = middle(feature.geometry);
  const [lon = 0, lat = 0] = place ?? [];
  return place !== null && city !== null && lon >= city[0] && lat >= city[1] && lon <= city[2] && lat <= city[3];
}

/** The place of the import panel beside the map, on which it shows what was refused. */
@customElement('canopy-import')
export class ImportSide extends Part {
  protected readonly about: readonly Topic[] = ['session'];

  override connectedCallback(): void {
    super.connectedCallback();
    // Few people take files in: who only looks does not wait for it.
    void import('./import-panel');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    desk.refuse(null);
  }

  #draw(features: FeatureCollection): void {
    desk.refuse(features);
    // What lies far outside would leave the city a dot on the map; its own row leads to it.
    const near = features.features.filter((one) => isNear(one, store.styles.box));
    const box = bounds(near.length === 0 ? features : { ...features, features: near });
    if (box !== null && Math.abs(box[1]) < MOST_NORTH && Math.abs(box[3]) < MOST_NORTH) {
      store.fly(box);
    }
  }

  protected override render(): TemplateResult {
    return html`<div class="head">
        <h2>${t('import_heading')}</h2>
        <button type="button" class="quiet" @click=${() => store.show({ tool: null })}>${t('close')}</button>
      </div>
      ${mayAct(store.user)
        ? html`<canopy-import-panel
            @canopy-draw=${(event: CustomEvent<FeatureCollection>) => this.#draw(event.detail)}
            @canopy-look=${(event: CustomEvent<Box>) => store.fly(event.detail)}
          ></canopy-import-panel>`
        : failed({ kind: 'forbidden' }, null)}`;
  }
}
