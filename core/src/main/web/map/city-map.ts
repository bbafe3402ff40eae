import { html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { Map as LibreMap, NavigationControl, setWorkerUrl, type GeoJSONSource } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { spoken, t } from '../shared/texts';
import { number } from '../shared/format';
import * as data from './map-data';
import { addImages } from './map-images';
import { mapStyle, type SourceName } from './map-style';
import { Part } from './part';
import { bounds } from './places';
import { quantityName, SCALES, STEPS } from './quantities';
import { store, type Topic } from './store';

setWorkerUrl(workerUrl);

/** The only part that knows the map library. */
@customElement('canopy-map')
export class CityMap extends Part {
  protected readonly about: readonly Topic[] = ['layers', 'tickets', 'devices', 'values', 'view', 'time'];
  #map: LibreMap | null = null;
  #stale = new Set<Topic>();
  #waiting = false;
  #selection = '';
  #fitted = false;
  @state() private impossible = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.about.forEach((topic) => store.addEventListener(topic, this.#mark));
    store.addEventListener('look', this.#repaint);
    this.#system.addEventListener('change', this.#repaint);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.about.forEach((topic) => store.removeEventListener(topic, this.#mark));
    store.removeEventListener('look', this.#repaint);
    this.#system.removeEventListener('change', this.#repaint);
    this.#map?.remove();
    this.#map = null;
  }

  readonly #system = matchMedia('(prefers-color-scheme: dark)');

  readonly #mark = (event: Event): void => {
    this.#stale.add(event.type as Topic);
    if (!this.#waiting) {
      this.#waiting = true;
      setTimeout(() => {
        this.#waiting = false;
        this.#refresh();
      }, 250);
    }
  };

  readonly #repaint = (): void => {
    const map = this.#map;
    if (map !== null) {
      map.setStyle(mapStyle(this.#data()), { diff: false });
      map.once('style.load', () => addImages(map));
    }
  };

  get #quantity(): string {
    const chosen = store.view.quantity;
    return chosen !== null && chosen in SCALES ? chosen : 'fill_level';
  }

  #data(): Map<SourceName, GeoJSON.FeatureCollection> {
    return new Map<SourceName, GeoJSON.FeatureCollection>([
      ...data.layerData(store),
      ['devices', data.devices(store, this.#quantity)],
      ['tickets', data.tickets(store)],
      ['selected', data.selected(store)],
    ]);
  }

  protected override firstUpdated(): void {
    const container = this.querySelector<HTMLElement>('.canvas');
    if (container === null) {
      return;
    }
    const [zoom, lat, lon] = store.view.place ?? [11.6, 21.475, 105.84];
    this.#fitted = store.view.place !== null;
    try {
      const map = new LibreMap({
        container,
        style: mapStyle(this.#data()),
        center: [lon, lat],
        zoom,
        maxZoom: 20,
        attributionControl: false,
        dragRotate: false,
        pitchWithRotate: false,
        fadeDuration: 0,
      });
      map.touchZoomRotate.disableRotation();
      map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
      this.#listen(map);
      this.#map = map;
    } catch {
      this.impossible = true; // No WebGL2: said on the page; the lists go on.
    }
  }

  #listen(map: LibreMap): void {
    map.once('style.load', () => addImages(map));
    map.on('moveend', (event) => {
      if ('originalEvent' in event && event.originalEvent) {
        const { lng, lat } = map.getCenter();
        store.show({ place: [map.getZoom(), lat, lng] });
      }
    });
    map.on('click', (event) => {
      const [hit] = map.queryRenderedFeatures(event.point, { layers: ['tickets', 'devices'] });
      if (hit !== undefined) {
        const id = String(hit.properties['id']);
        store.show(hit.layer.id === 'tickets' ? { panel: 'tickets', ticket: id, trace: false } : { panel: 'devices', device: id });
        return;
      }
      const [thing] = map.queryRenderedFeatures(event.point, { layers: ['trees', 'waste_points', 'roads', 'zones'] });
      if (thing !== undefined) {
        store.show({ feature: `${thing.source}/${String(thing.properties['id'])}` });
      }
    });
    map.on('idle', () => {
      this.dataset['drawn'] = String(map.queryRenderedFeatures({ layers: ['tickets', 'devices', 'trees'] }).length);
    });
  }

  #refresh(): void {
    const map = this.#map;
    const stale = this.#stale;
    this.#stale = new Set();
    if (map === null) {
      return;
    }
    const set = (name: SourceName, features: GeoJSON.FeatureCollection): void => {
      void map.getSource<GeoJSONSource>(name)?.setData(features);
    };
    if (stale.has('layers')) {
      data.layerData(store).forEach(([name, features]) => set(name, features));
      this.#fit(map);
    }
    set('devices', data.devices(store, this.#quantity));
    set('tickets', data.tickets(store));
    set('selected', data.selected(store));
    this.#follow(map);
  }

  #fit(map: LibreMap): void {
    const wards = store.layers.get('wards')?.value;
    const box = wards ? bounds(wards) : null;
    if (!this.#fitted && box !== null) {
      this.#fitted = true;
      map.fitBounds(box, { padding: 24, animate: false });
    }
  }

  /** Brings what is newly selected into the picture; the place that somebody chose stays otherwise. */
  #follow(map: LibreMap): void {
    const place = data.selectedPlace(store);
    const selection = `${store.view.ticket ?? ''}|${store.view.device ?? ''}|${store.view.feature ?? ''}`;
    if (selection === this.#selection || place === null) {
      if (place === null && selection === '||') {
        this.#selection = selection;
      }
      return;
    }
    this.#selection = selection;
    const [lon = 0, lat = 0] = place;
    if (!map.getBounds().contains([lon, lat]) || map.getZoom() < 13) {
      map.jumpTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), 14) });
    }
  }

  protected override render(): TemplateResult {
    return html`<div class="canvas" ?hidden=${this.impossible}></div>
      ${this.impossible ? html`<div class="notice" role="alert"><p>${t('map_failed')}</p></div>` : this.#legend()}
      <p class="attribution">${t('attribution')} © MapLibre</p>`;
  }

  #legend(): TemplateResult {
    const quantity = this.#quantity;
    const scale = SCALES[quantity];
    if (scale === undefined) {
      return html``;
    }
    const unit = scale.unit === 'Cel' ? '°C' : scale.unit === 'deg' ? '°' : scale.unit;
    return html`<div class="legend">
      <select aria-label=${t('value_shown')} @change=${(event: Event) => store.show({ quantity: (event.target as HTMLSelectElement).value })}>
        ${Object.keys(SCALES).map((name) => html`<option value=${name} ?selected=${name === quantity}>${quantityName(name, spoken())}</option>`)}
      </select>
      <div class="ramp" aria-hidden="true">${Array.from({ length: STEPS }, (_, step) => html`<i data-ramp=${`${scale.ramp}-${step}`}></i>`)}</div>
      <p class="ends"><span>${number(scale.low)}</span><span>${number(scale.high)} ${unit}</span></p>
      <p class="small"><i class="blind" aria-hidden="true"></i>${t('legend_blind')}</p>
    </div>`;
  }
}
