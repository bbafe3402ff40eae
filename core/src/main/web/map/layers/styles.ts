import type { StyleSpecification } from 'maplibre-gl';
import * as api from '../../shared/api';
import { layerStyle, theme, type LayerStyle, type StyleTheme } from '../canvas/layer-styles';
import { failureOf, nothing, type Loaded } from '../parts/loaded';

/** How the service says that its layers are drawn, in the theme of the page. */
export class Styles {
  readonly #loaded = new Map<string, Loaded<LayerStyle>>();
  #theme: StyleTheme | null = null;
  /** Where the street map is that lies below all layers, where there is one. */
  basemap: string | null = null;

  /** @param changed is called when there is another style, or another failure */
  constructor(private readonly changed: () => void) {}

  /** Those that are there, by layer. */
  get ready(): ReadonlyMap<string, LayerStyle> {
    return new Map([...this.#loaded].flatMap(([name, { value }]) => (value === null ? [] : [[name, value] as const])));
  }

  of(layer: string): Loaded<LayerStyle> {
    return this.#loaded.get(layer) ?? nothing();
  }

  /** Fetches the styles of these layers that are not there, all when the theme has changed, and draws them at once. */
  async want(layers: readonly string[]): Promise<void> {
    const wanted = theme();
    const missing = layers.filter((one) => wanted !== this.#theme || this.of(one).value === null);
    this.#theme = wanted;
    if (missing.length > 0) {
      this.basemap ??= await this.#ground();
      const fetched = await Promise.all(missing.map(async (one) => [one, await this.#fetch(one, wanted)] as const));
      if (wanted === this.#theme) {
        fetched.forEach(([name, loaded]) => this.#loaded.set(name, loaded));
        this.changed();
      }
    }
  }

  /** Without it the map is what it is without a street map. */
  async #ground(): Promise<string | null> {
    try {
      return (await api.map()).basemap;
    } catch (e) {
      failureOf(e);
      return null;
    }
  }

  async #fetch(layer: string, wanted: StyleTheme): Promise<Loaded<LayerStyle>> {
    try {
      return { value: layerStyle(await api.style<StyleSpecification>(layer, wanted)), failure: null, loading: false };
    } catch (e) {
      return { ...this.of(layer), failure: failureOf(e), loading: false };
    }
  }
}
