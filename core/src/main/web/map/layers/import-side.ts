import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { FeatureCollection } from 'geojson';
import { t } from '../../shared/texts';
import { bounds } from '../canvas/places';
import { failed } from '../parts/notice';
import { Part } from '../parts/part';
import { store, type Topic } from '../store';
import { mayAct } from '../tickets/moves';
import { desk } from './desk';
import './import-panel';

/** The place of the import panel beside the map, on which it shows what was refused. */
@customElement('canopy-import')
export class ImportSide extends Part {
  protected readonly about: readonly Topic[] = ['session'];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    desk.refuse(null);
  }

  #draw(features: FeatureCollection): void {
    desk.refuse(features);
    const box = bounds(features);
    if (box !== null) {
      store.fly(box);
    }
  }

  protected override render(): TemplateResult {
    return html`<div class="head">
        <h2>${t('import_heading')}</h2>
        <button type="button" class="quiet" @click=${() => store.show({ tool: null })}>${t('close')}</button>
      </div>
      ${mayAct(store.user)
        ? html`<canopy-import-panel @canopy-draw=${(event: CustomEvent<FeatureCollection>) => this.#draw(event.detail)}></canopy-import-panel>`
        : failed({ kind: 'forbidden' }, null)}`;
  }
}
