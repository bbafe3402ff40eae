import type { StyleSpecification } from 'maplibre-gl';
import * as api from '../../shared/api';
import type { Box } from '../canvas/touched-tiles';
import { layerStyle, theme, type LayerStyle, type StyleTheme } from '../canvas/layer-styles';
import { failureOf, nothing, type Loaded } from '../parts/loaded';

/** How the service says that its layers are drawn, in the theme of the page. */
export class Styles {
  readonly #loaded = new Map<string, Loaded<LayerStyle>>();
  #theme: StyleTheme | null = null;
  #answered = false;
  #underway: Promise<void> | null = null;
  /** Where the street map is that lies below all layers, where there is one. */
  basemap: string | null = null;
  /** Where the city lies, where the service knows it. */
  box: Box | null = null;

  /** @param changed is called when there is another style, or another failure */
  constructor(private readonly changed: () => void) {}

  /** Those that are there, by layer. */
  get ready(): ReadonlyMap<string, LayerStyle> {
    return new Map([...this.#loaded].flatMap(([name, { value }]) => (value === null ? [] : [[name, value] as const])));
  }

  /** Whether the service has said how the layers are drawn, or that it does not say so. */
  get answered(): boolean {
    return this.#answered;
  }

  of(layer: string): Loaded<LayerStyle> {
    return this.#loaded.get(layer) ?? nothing();
  }

  /** Fetches all styles where one of these layers has none, and when the theme has changed, and draws them at once. */
  async want(layers: readonly string[]): Promise<void> {
    const wanted = theme();
    if (wanted === this.#theme && layers.every((one) => this.of(one).value !== null)) {
      return;
    }
    if (wanted === this.#theme && this.#underway !== null) {
      await this.#underway;
      return;
    }
    this.#theme = wanted;
    const fetching = this.#fetch(wanted, layers);
    this.#underway = fetching;
    await fetching;
    if (this.#underway === fetching) {
      this.#underway = null;
    }
  }

  /** Every failure is kept with the layers that it left without a style. */
  async #fetch(wanted: StyleTheme, layers: readonly string[]): Promise<void> {
    let fetched: [name: string, loaded: Loaded<LayerStyle>][];
    try {
      const { box, basemap, styles } = await api.map<StyleSpecification>(wanted);
      this.basemap = basemap;
      this.box = box;
      fetched = Object.entries(styles).map(([name, style]) => [name, { value: layerStyle(style), failure: null, loading: false }]);
    } catch (e) {
      const failure = failureOf(e);
      fetched = layers.map((name) => [name, { ...this.of(name), failure, loading: false }]);
    }
    if (wanted === this.#theme) {
      fetched.forEach(([name, loaded]) => this.#loaded.set(name, loaded));
      this.#answered = true;
      this.changed();
    }
  }
}
