import type { Geometry, Polygon } from 'geojson';
import type { Map as LibreMap, MapMouseEvent } from 'maplibre-gl';
import { TerraDraw, TerraDrawLineStringMode, TerraDrawPointMode, TerraDrawPolygonMode, TerraDrawSelectMode, type GeoJSONStoreFeatures, type HexColor } from 'terra-draw';
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter';
import { apart, carried, PRECISION, rounded, together, within, type Piece } from './drawn-parts';
import { colour } from './map-style';

/** What somebody is to draw, or to change. */
export interface DrawWish {
  shape: 'point' | 'line' | 'polygon';
  /** What is there already; null for something new. */
  geometry: Geometry | null;
  /** Is told what was drawn, whenever it is another. */
  drawn: (geometry: Geometry | null) => void;
  /** Is told when what is there cannot be changed on the map: nothing of it is then drawn. */
  refused?: () => void;
}

const MODES = { point: 'point', line: 'linestring', polygon: 'polygon' } as const;
/** Holes are drawn by themselves: Terra Draw knows areas of one ring. */
const HOLE = 'hole';
const PREFIX = 'drawing';

type Id = NonNullable<GeoJSONStoreFeatures['id']>;

function hex(token: string): HexColor {
  const [r = 0, g = 0, b = 0] = (colour(token).match(/[\d.]+/g) ?? []).map(Number);
  return `#${[r, g, b].map((one) => Math.round(one).toString(16).padStart(2, '0')).join('')}`;
}

/** Drawing and changing shapes on the map, over Terra Draw; ends with {@link end}. */
export class Drawing {
  #draw: TerraDraw | null = null;
  #pieces: readonly Piece[];

  constructor(
    private readonly map: LibreMap,
    private readonly wish: DrawWish,
  ) {
    this.#pieces = apart(wish.geometry) ?? [];
    this.#begin();
    map.on('click', this.#choose);
  }

  /** After the map has been given another style, which took the drawing's layers away. */
  again(): void {
    this.#stop();
    this.#begin();
  }

  end(): void {
    this.map.off('click', this.#choose);
    this.#stop();
  }

  #stop(): void {
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
    if (this.#pieces.length > 0) {
      const taken = draw.addFeatures(this.#pieces.map((one) => this.#feature(one)));
      if (taken.some((one) => !one.valid)) {
        // A piece less on the map would be one less in what is saved.
        this.#stop();
        this.wish.refused?.();
        return;
      }
      this.#select(draw);
    } else {
      draw.setMode(MODES[this.wish.shape]);
    }
    draw.on('finish', (id, { action }) => {
      if (action === 'draw') {
        draw.setMode('select');
        draw.selectFeature(id);
      }
      if (action === 'dragFeature') {
        this.#carryHoles(draw, id);
      }
      this.#tell(draw);
    });
    draw.on('change', (_, kind) => {
      if (kind === 'delete' && draw.getMode() === 'select' && this.#drawn(draw).length < this.#pieces.length) {
        this.#tell(draw);
      }
    });
  }

  #feature({ geometry, shape, hole }: Piece): GeoJSONStoreFeatures {
    const round = (one: unknown): unknown => (Array.isArray(one) ? one.map(round) : rounded(one as number));
    const exact = { ...geometry, coordinates: round(geometry.coordinates) } as GeoJSONStoreFeatures['geometry'];
    return { type: 'Feature', geometry: exact, properties: { mode: hole ? HOLE : MODES[this.wish.shape], shape } };
  }

  #select(draw: TerraDraw): void {
    draw.setMode('select');
    const id = draw.getSnapshot()[0]?.id;
    if (id !== undefined) {
      draw.selectFeature(id);
    }
  }

  /** A click into a hole means the hole, and not the area around it, which Terra Draw may find first. */
  readonly #choose = (event: MapMouseEvent): void => {
    const draw = this.#draw;
    if (draw?.getMode() !== 'select') {
      return;
    }
    const hole = this.#drawn(draw).find((one) => one.piece.hole && within(event.lngLat.toArray(), one.piece.geometry as Polygon));
    if (hole !== undefined && draw.getSnapshotFeature(hole.id)?.properties['selected'] !== true) {
      draw.selectFeature(hole.id);
    }
  };

  /** An area that is moved as a whole takes its holes along. */
  #carryHoles(draw: TerraDraw, id: Id): void {
    const drawn = this.#drawn(draw);
    const moved = drawn.find((one) => one.id === id)?.piece;
    const before = this.#pieces.find((one) => one.shape === moved?.shape && !one.hole)?.geometry;
    if (moved === undefined || moved.hole || moved.geometry.type !== 'Polygon' || before?.type !== 'Polygon') {
      return;
    }
    for (const { id: hole, piece } of drawn.filter((one) => one.piece.hole && one.piece.shape === moved.shape)) {
      draw.updateFeatureGeometry(hole, carried(piece.geometry as Polygon, before, moved.geometry));
    }
  }

  /** Without the handles of what is selected. */
  #drawn(draw: TerraDraw): { id: Id; piece: Piece }[] {
    return draw.getSnapshot().flatMap(({ id, geometry, properties }) => {
      const hole = properties['mode'] === HOLE;
      const own = id !== undefined && (hole || properties['mode'] === MODES[this.wish.shape]);
      return own ? [{ id, piece: { geometry, shape: Number(properties['shape'] ?? 0), hole } }] : [];
    });
  }

  #tell(draw: TerraDraw): void {
    this.#pieces = this.#drawn(draw).map((one) => one.piece);
    this.wish.drawn(together(this.#pieces, this.wish.geometry?.type.startsWith('Multi') === true));
  }
}

function modes(): (TerraDrawPointMode | TerraDrawLineStringMode | TerraDrawPolygonMode | TerraDrawSelectMode)[] {
  const [accent, edge] = [hex('accent'), hex('surface')];
  const handles = { draggable: true, midpoints: true, deletable: true };
  return [
    new TerraDrawPointMode({ styles: { pointColor: accent, pointWidth: 8, pointOutlineColor: edge, pointOutlineWidth: 2 } }),
    new TerraDrawLineStringMode({ styles: { lineStringColor: accent, lineStringWidth: 4, closingPointColor: accent, closingPointOutlineColor: edge } }),
    new TerraDrawPolygonMode({ styles: { fillColor: accent, fillOpacity: 0.2, outlineColor: accent, outlineWidth: 3, closingPointColor: accent, closingPointOutlineColor: edge } }),
    new TerraDrawPolygonMode({ modeName: HOLE, styles: { fillColor: edge, fillOpacity: 0.6, outlineColor: accent, outlineWidth: 2 } }),
    new TerraDrawSelectMode({
      allowManualDeselection: false,
      flags: {
        point: { feature: { draggable: true } },
        linestring: { feature: { draggable: true, coordinates: handles } },
        polygon: { feature: { draggable: true, coordinates: handles } },
        [HOLE]: { feature: { draggable: false, coordinates: handles } },
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
