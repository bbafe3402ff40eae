import type { Feature, Geometry } from 'geojson';
import type { Map as LibreMap } from 'maplibre-gl';
import { TerraDraw, TerraDrawLineStringMode, TerraDrawPointMode, TerraDrawPolygonMode, TerraDrawSelectMode, type GeoJSONStoreFeatures, type HexColor } from 'terra-draw';
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter';
import { apart, together, type Part } from './drawn-parts';
import { colour } from './map-style';

/** What somebody is to draw, or to change. */
export interface DrawWish {
  shape: 'point' | 'line' | 'polygon';
  /** What is there already; null for something new. */
  geometry: Geometry | null;
  /** Is told what was drawn, whenever it is another. */
  drawn: (geometry: Geometry | null) => void;
}

const MODES = { point: 'point', line: 'linestring', polygon: 'polygon' } as const;
/** Decimals of a degree: a tenth of a millimetre. */
const PRECISION = 9;
const PREFIX = 'drawing';

function hex(token: string): HexColor {
  const [r = 0, g = 0, b = 0] = (colour(token).match(/[\d.]+/g) ?? []).map(Number);
  return `#${[r, g, b].map((one) => Math.round(one).toString(16).padStart(2, '0')).join('')}`;
}

/** Drawing and changing shapes on the map, over Terra Draw; ends with {@link end}. */
export class Drawing {
  #draw: TerraDraw | null = null;
  #parts: readonly Part[];

  constructor(
    private readonly map: LibreMap,
    private readonly wish: DrawWish,
  ) {
    this.#parts = apart(wish.geometry) ?? [];
    this.#begin();
  }

  /** After the map has been given another style, which took the drawing's layers away. */
  again(): void {
    this.end();
    this.#begin();
  }

  end(): void {
    try {
      this.#draw?.stop();
    } catch {
      // The map's style is gone, and what was drawn with it.
    }
    this.#draw = null;
  }

  #begin(): void {
    const draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map: this.map, coordinatePrecision: PRECISION, prefixId: PREFIX }),
      modes: modes(),
    });
    draw.start();
    this.#draw = draw;
    const mode = MODES[this.wish.shape];
    if (this.#parts.length > 0) {
      const features = this.#parts.map((geometry): Feature => ({ type: 'Feature', geometry, properties: { mode } }));
      draw.addFeatures(features as GeoJSONStoreFeatures[]);
      this.#select(draw);
    } else {
      draw.setMode(mode);
    }
    draw.on('finish', (id, { action }) => {
      if (action === 'draw') {
        draw.setMode('select');
        draw.selectFeature(id);
      }
      this.#tell(draw);
    });
    draw.on('change', (_, kind) => {
      if (kind === 'delete' && draw.getMode() === 'select' && this.#shapes(draw).length < this.#parts.length) {
        this.#tell(draw);
      }
    });
  }

  #select(draw: TerraDraw): void {
    draw.setMode('select');
    const id = draw.getSnapshot()[0]?.id;
    if (id !== undefined) {
      draw.selectFeature(id);
    }
  }

  /** Without the handles of what is selected. */
  #shapes(draw: TerraDraw): Part[] {
    return draw
      .getSnapshot()
      .filter((one) => one.properties['mode'] === MODES[this.wish.shape])
      .map((one) => one.geometry);
  }

  #tell(draw: TerraDraw): void {
    this.#parts = this.#shapes(draw);
    this.wish.drawn(together(this.#parts, this.wish.geometry?.type.startsWith('Multi') === true));
  }
}

function modes(): (TerraDrawPointMode | TerraDrawLineStringMode | TerraDrawPolygonMode | TerraDrawSelectMode)[] {
  const [accent, edge] = [hex('accent'), hex('surface')];
  const handles = { draggable: true, midpoints: true, deletable: true };
  return [
    new TerraDrawPointMode({ styles: { pointColor: accent, pointWidth: 8, pointOutlineColor: edge, pointOutlineWidth: 2 } }),
    new TerraDrawLineStringMode({ styles: { lineStringColor: accent, lineStringWidth: 4, closingPointColor: accent, closingPointOutlineColor: edge } }),
    new TerraDrawPolygonMode({ styles: { fillColor: accent, fillOpacity: 0.2, outlineColor: accent, outlineWidth: 3, closingPointColor: accent, closingPointOutlineColor: edge } }),
    new TerraDrawSelectMode({
      allowManualDeselection: false,
      flags: {
        point: { feature: { draggable: true } },
        linestring: { feature: { draggable: true, coordinates: handles } },
        polygon: { feature: { draggable: true, coordinates: handles } },
      },
      // The whole is removed by its own button, with its own way back.
      keyEvents: { deselect: null, delete: null, rotate: null, scale: null },
      styles: {
        selectedPointColor: accent,
        selectedPointWidth: 9,
        selectedPointOutlineColor: edge,
        selectedPointOutlineWidth: 3,
        selectedLineStringColor: accent,
        selectedLineStringWidth: 4,
        selectedPolygonColor: accent,
        selectedPolygonFillOpacity: 0.2,
        selectedPolygonOutlineColor: accent,
        selectedPolygonOutlineWidth: 3,
        selectionPointColor: edge,
        selectionPointOutlineColor: accent,
        selectionPointOutlineWidth: 3,
        selectionPointWidth: 6,
        midPointColor: accent,
        midPointOutlineColor: edge,
        midPointWidth: 4,
      },
    }),
  ];
}
