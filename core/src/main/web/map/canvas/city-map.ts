import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { Map as LibreMap, NavigationControl, prewarm, setWorkerUrl, type GeoJSONSource, type StyleSpecification } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { t } from '../../shared/texts';
import { Part } from '../parts/part';
import { store, type Topic } from '../store';
import { mayAct } from '../tickets/moves';
import { desk } from '../layers/desk';
import '../layers/map-search';
import '../layers/map-tools';
import { BASEMAP } from './basemap';
import { onPlaceChosen, OWN_MOVE } from './chosen-place';
import type { Drawing } from './drawing';
import './layer-panel';
import { longPress } from './long-press';
import * as data from './map-data';
import { addImages } from './map-images';
import { CITY, mapStyle, visibilities, WHOLE_FROM, type SourceName } from './map-style';
import { featureAt, subjectAt } from './picking';
import { bounds } from './places';
import { Sliding } from './sliding';
import { TouchedTiles, type Box } from './touched-tiles';

setWorkerUrl(workerUrl);
// The workers start while the page still asks what they have to draw.
prewarm();

/** So near the map goes to one thing. */
const CLOSE = 17;
const MAX_ZOOM = 20;
const REFRESH_AFTER = 250;
/** After these the whole map is drawn anew: another language or size, other styles. */
const REPAINT: readonly Topic[] = ['look', 'styles'];

/** The only part that knows the map library. */
@customElement('canopy-map')
export class CityMap extends Part {
  protected readonly about: readonly Topic[] = ['layers', 'tickets', 'devices', 'values', 'view', 'time'];
  readonly #touched = new TouchedTiles(WHOLE_FROM);
  #map: LibreMap | null = null;
  #sliding: Sliding | null = null;
  /** What somebody draws by hand just now. */
  #drawing: Drawing | null = null;
  #stale = new Set<Topic>();
  #waiting = false;
  #selection = '';
  #looks = '';
  #fitted = false;
  #moving = false;
  /** What was handed to the map last, as text, and how much it was. */
  readonly #signs = new Map<SourceName, string | null>();
  readonly #counts = new Map<SourceName, number>();
  @state() private impossible = false;
  /** Whom the street map is from, as its archive says. */
  @state() private streets = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.about.forEach((topic) => store.addEventListener(topic, this.#mark));
    REPAINT.forEach((topic) => store.addEventListener(topic, this.#repaint));
    store.addEventListener('edited', this.#edited);
    store.addEventListener('fly', this.#fly);
    desk.addEventListener('wish', this.#wished);
    desk.addEventListener('shown', this.#show);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.about.forEach((topic) => store.removeEventListener(topic, this.#mark));
    REPAINT.forEach((topic) => store.removeEventListener(topic, this.#repaint));
    store.removeEventListener('edited', this.#edited);
    store.removeEventListener('fly', this.#fly);
    desk.removeEventListener('wish', this.#wished);
    desk.removeEventListener('shown', this.#show);
    this.#drawing?.end();
    this.#drawing = null;
    this.#sliding?.end();
    this.#sliding = null;
    this.#map?.remove();
    this.#map = null;
  }

  readonly #mark = (event: Event): void => {
    this.#stale.add(event.type as Topic);
    if (!this.#waiting) {
      this.#waiting = true;
      setTimeout(() => {
        this.#waiting = false;
        this.#refreshSoon();
      }, REFRESH_AFTER);
    }
  };

  /** While the map moves only the picture counts; what is new is drawn when it stands still. */
  #refreshSoon(): void {
    const map = this.#map;
    if (this.#sliding?.active === true) {
      return; // It comes again when the map rests.
    }
    if (map !== null && map.isMoving() && !this.#stale.has('view')) {
      if (!this.#moving) {
        this.#moving = true;
        void map.once('moveend', () => {
          this.#moving = false;
          this.#refreshSoon();
        });
      }
      return;
    }
    this.#refresh();
  }

  readonly #repaint = (): void => {
    const map = this.#map;
    if (map === null) {
      this.#begin();
      return;
    }
    const look = this.#look();
    if (look !== this.#looks) {
      this.#looks = look;
      this.#sliding?.narrow();
      map.setStyle(this.#style(), { diff: false, validate: false });
      this.#signs.clear();
    }
  };

  #style(): StyleSpecification {
    return mapStyle(this.#data(), store.styles.ready, store.view.hidden, store.styles.basemap);
  }

  /** All that makes the map look otherwise, but for what is on it and which layers are switched off. */
  #look(): string {
    return JSON.stringify(mapStyle(new Map(), store.styles.ready, [], store.styles.basemap));
  }

  /** Fetches again what somebody has just edited: at once where it is to be seen, else when it comes into view. */
  readonly #edited = (): void => {
    const map = this.#map;
    if (map?.getSource(CITY) === undefined || store.edited === null) {
      return;
    }
    if (this.#touched.touch(store.edited.boxes)) {
      this.#fetchTouched(map);
    } else {
      map.refreshTiles(CITY);
    }
  };

  /** Begins or ends the drawing; on a map that has no style yet it begins with the style. */
  readonly #wished = (): void => {
    this.#drawing?.end();
    this.#drawing = null;
    const wish = desk.wish;
    if (wish !== null && this.#isStyled()) {
      // Few people draw: who only looks does not wait for it.
      void import('./drawing').then(({ Drawing: Drawn }) => {
        if (wish === desk.wish && this.#drawing === null && this.#map !== null && this.#isStyled()) {
          this.#drawing = new Drawn(this.#map, wish);
        }
      });
    }
  };

  #isStyled(): boolean {
    return this.#map?.isStyleLoaded() !== undefined && this.#map.getLayer('ground') !== undefined;
  }

  readonly #show = (): void => {
    void this.#map?.getSource<GeoJSONSource>('chosen')?.setData(desk.chosen);
    void this.#map?.getSource<GeoJSONSource>('refused')?.setData(desk.refused);
  };

  readonly #fly = (event: Event): void => {
    const [west, south, east, north] = (event as CustomEvent<Box>).detail;
    this.#fitted = true; // The whole city is not what is wanted any more.
    this.#sliding?.narrow();
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#map?.fitBounds([west, south, east, north], { padding: 48, maxZoom: CLOSE, duration: still ? 0 : 200 }, OWN_MOVE);
  };

  #fetchTouched(map: LibreMap): void {
    const view = map.getBounds();
    const tiles = this.#touched.take([view.getWest(), view.getSouth(), view.getEast(), view.getNorth()], map.getZoom());
    if (tiles.length > 0 && map.getSource(CITY) !== undefined) {
      map.refreshTiles(CITY, tiles);
    }
  }

  #data(): Map<SourceName, GeoJSON.FeatureCollection> {
    return new Map<SourceName, GeoJSON.FeatureCollection>([
      ['ward_names', data.wardNames(store)],
      ['devices', data.devices(store, store.quantity)],
      ['tickets', data.tickets(store)],
      ['selected', data.selected(store)],
      ['chosen', desk.chosen],
      ['refused', desk.refused],
    ]);
  }

  protected override firstUpdated(): void {
    this.#begin();
  }

  /** Makes the map once it is known how its layers look and what is on it: each would be drawn anew else as it comes. */
  #begin(): void {
    const container = this.querySelector<HTMLElement>('.canvas');
    if (container === null || !store.drawable || this.impossible) {
      return;
    }
    const [zoom, lat, lon] = store.view.place ?? [11.6, 21.475, 105.84];
    const city = store.view.place === null ? store.styles.box : null;
    this.#fitted = city !== null || store.view.place !== null;
    this.#looks = this.#look();
    try {
      const map = new LibreMap({
        container,
        style: this.#style(),
        // The service made it: to look for mistakes takes a slow machine as long as to draw.
        validateStyle: false,
        center: [lon, lat],
        zoom,
        ...(city === null ? {} : { bounds: city, fitBoundsOptions: { padding: this.#padding() } }),
        maxZoom: MAX_ZOOM,
        // The tiles of the last zoom serve all beyond, uncut: so they bear the addresses that an edit is told by.
        zoomLevelsToOverscale: MAX_ZOOM - WHOLE_FROM,
        attributionControl: false,
        dragRotate: false,
        pitchWithRotate: false,
        renderWorldCopies: false,
        // Also how often labels are placed anew while the map moves.
        fadeDuration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 150,
      });
      map.touchZoomRotate.disableRotation();
      map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
      this.#listen(map);
      this.#sliding = new Sliding(
        map,
        () => this.#drawing === null,
        () => this.#refreshSoon(),
      );
      this.#map = map;
      this.#stale.add('layers');
      this.#refresh();
    } catch {
      this.impossible = true; // No WebGL2: said on the page; the lists go on.
    }
  }

  #listen(map: LibreMap): void {
    const held = longPress(map, (point, place) => {
      if (mayAct(store.user) && this.#drawing === null) {
        store.show({ create: subjectAt(map, point, place) });
      }
    });
    // Features can be there before the style has told that it is.
    map.setMissingStyleImageResolver(() => addImages(map));
    map.on('style.load', () => {
      addImages(map);
      switchLayers(map);
      if (this.#drawing === null) {
        this.#wished();
      } else {
        this.#drawing.again();
      }
    });
    map.on('moveend', () => this.#fetchTouched(map));
    onPlaceChosen(map, (place) => store.show({ place }));
    map.on('click', (event) => {
      if (held() || this.#drawing !== null) {
        return;
      }
      if (store.view.create === 'pick') {
        store.show({ create: subjectAt(map, event.point, event.lngLat) });
        return;
      }
      const [hit] = map.queryRenderedFeatures(event.point, { layers: ['tickets', 'devices', 'devices-blind'] });
      if (hit !== undefined) {
        const id = String(hit.properties['id']);
        store.show(hit.layer.id === 'tickets' ? { panel: 'tickets', ticket: id, trace: false } : { panel: 'devices', device: id });
        return;
      }
      const feature = featureAt(map, event.point);
      if (feature !== null) {
        store.show({ feature });
      }
    });
    map.on('idle', () => {
      this.streets = streetsFrom(map);
      this.dataset['drawn'] = String(this.#handed());
      store.pictured();
    });
  }

  /** A new ticket about what is in the middle of the map: the way without a pointer. */
  pickMiddle(): void {
    const map = this.#map;
    if (map !== null) {
      store.show({ create: subjectAt(map, map.project(map.getCenter()), map.getCenter()) });
    }
  }

  #refresh(): void {
    const map = this.#map;
    const stale = this.#stale;
    this.#stale = new Set();
    if (map === null) {
      return;
    }
    const set = (name: SourceName, features: GeoJSON.FeatureCollection): void => {
      // Handing features over costs the page and the map's worker much; most of what changes is not to be seen.
      const sign = name === 'devices' || name === 'tickets' || name === 'selected' ? JSON.stringify(features) : null;
      if (sign === null || sign !== this.#signs.get(name)) {
        this.#signs.set(name, sign);
        this.#counts.set(name, features.features.length);
        void map.getSource<GeoJSONSource>(name)?.setData(features);
      }
    };
    if (stale.has('layers')) {
      set('ward_names', data.wardNames(store));
      this.#fit(map);
    }
    if (stale.has('view')) {
      switchLayers(map);
      map.getCanvas().style.cursor = store.view.create === 'pick' ? 'crosshair' : '';
    }
    set('devices', data.devices(store, store.quantity));
    set('tickets', data.tickets(store));
    set('selected', data.selected(store));
    this.#follow(map);
  }

  /** How many tickets and sensors the map shows, and one more for trees. */
  #handed(): number {
    const count = (layer: 'devices' | 'tickets'): number => (store.view.hidden.includes(layer) ? 0 : (this.#counts.get(layer) ?? 0));
    return count('devices') + count('tickets') + (store.view.hidden.includes('trees') ? 0 : 1);
  }

  #fit(map: LibreMap): void {
    const wards = store.layers.get('wards')?.value;
    const box = wards ? bounds(wards) : null;
    if (!this.#fitted && box !== null) {
      this.#fitted = true;
      this.#sliding?.narrow();
      map.fitBounds(box, { padding: this.#padding(), animate: false }, OWN_MOVE);
    }
  }

  /** Pixels around the city in the first picture: beside the legend, where there is room for both. */
  #padding(): { top: number; right: number; bottom: number; left: number } {
    const legend = this.querySelector<HTMLElement>('.legend[open]');
    const left = legend === null || legend.offsetWidth > this.offsetWidth / 3 ? 24 : legend.offsetWidth + 36;
    return { top: 24, right: 24, bottom: 24, left };
  }

  /** Brings what is newly selected into the picture; the place that somebody chose stays otherwise. */
  #follow(map: LibreMap): void {
    const place = data.selectedPlace(store);
    const selection = `${store.view.ticket ?? ''}|${store.view.device ?? ''}|${store.view.feature ?? ''}|${JSON.stringify(store.view.create)}`;
    const wanted = store.view.create;
    const feature = wanted !== null && typeof wanted === 'object' && 'feature' in wanted ? wanted.feature : store.view.feature;
    if (place === null && feature !== null && store.me !== null) {
      void store.locate(feature);
    }
    if (selection === this.#selection || place === null) {
      if (place === null && selection === '|||null') {
        this.#selection = selection;
      }
      return;
    }
    this.#selection = selection;
    this.#sliding?.narrow();
    const [lon = 0, lat = 0] = place;
    if (!map.getBounds().contains([lon, lat]) || (map.getZoom() < 13 && store.view.create === null)) {
      map.jumpTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), 14) }, OWN_MOVE);
    }
  }

  protected override render(): TemplateResult {
    const may = mayAct(store.user) && store.view.create === null && store.view.tool === null;
    const chosen = (store.view.ticket ?? store.view.device ?? store.view.feature ?? store.view.create ?? store.view.tool) !== null;
    return html`<div class="stage ${chosen ? 'chosen' : ''}">
        <div class="canvas" ?hidden=${this.impossible}></div>
        ${this.impossible ? html`<div class="notice" role="alert"><p>${t('map_failed')}</p></div>` : html`<div class="over"><canopy-map-search></canopy-map-search><canopy-map-tools></canopy-map-tools><canopy-layer-panel></canopy-layer-panel></div>`}
        ${may ? html`<button type="button" class="new main" @click=${() => store.show({ create: 'pick' })}>${t('new_ticket')}</button>` : none}
      </div>
      <p class="attribution">${t('attribution')} ${this.streets} © MapLibre</p>`;
  }
}

/** The archive's words without their mark-up. */
function streetsFrom(map: LibreMap): string {
  const said = map.getSource(BASEMAP)?.attribution ?? '';
  return new DOMParser().parseFromString(said, 'text/html').body.textContent.trim();
}

/** A style that is still on its way has no layers yet; it is made with the right ones, and this comes again after it. */
function switchLayers(map: LibreMap): void {
  for (const [id, visibility] of visibilities(store.styles.ready, store.view.hidden)) {
    if (map.getLayer(id) !== undefined) {
      map.setLayoutProperty(id, 'visibility', visibility);
    }
  }
}
