import type { Map as LibreMap } from 'maplibre-gl';
import { LOOKS, SHAPES } from '../parts/look';
import { colour } from './map-style';

const RATIO = 2;
const MARK = 24;
const DEVICE = 16;

/** A sensor of which nothing new is known: its image, and what stands in the place of its step. */
export const BLIND = 'device-blind';

/** Draws the marks in the colours of the moment and hands them to the map. */
export function addImages(map: LibreMap): void {
  const edge = colour('mark-edge');
  for (const look of LOOKS) {
    const { outline, glyph } = SHAPES[look];
    add(map, `ticket-${look}`, MARK, (draw) => {
      draw.scale(MARK / 24, MARK / 24);
      draw.translate(2, 2);
      draw.lineJoin = 'round';
      draw.lineWidth = 3;
      draw.strokeStyle = edge;
      draw.fillStyle = colour(`${look}-mark`);
      draw.stroke(new Path2D(outline));
      draw.fill(new Path2D(outline));
      draw.fillStyle = edge;
      draw.fill(new Path2D(glyph));
    });
  }
  add(map, BLIND, DEVICE, (draw) => {
    dot(draw, edge, colour('blind'));
    draw.clip();
    draw.beginPath();
    for (let at = -DEVICE; at < DEVICE; at += 4) {
      draw.moveTo(at, DEVICE);
      draw.lineTo(at + DEVICE, 0);
    }
    draw.stroke();
  });
}

function dot(draw: CanvasRenderingContext2D, fill: string, edge: string): void {
  draw.fillStyle = fill;
  draw.strokeStyle = edge;
  draw.lineWidth = 1.2;
  draw.beginPath();
  draw.arc(DEVICE / 2, DEVICE / 2, DEVICE / 2 - 1.5, 0, 2 * Math.PI);
  draw.fill();
  draw.stroke();
}

function add(map: LibreMap, name: string, size: number, paint: (draw: CanvasRenderingContext2D) => void): void {
  if (map.hasImage(name)) {
    return;
  }
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size * RATIO;
  const draw = canvas.getContext('2d', { willReadFrequently: true });
  if (draw === null) {
    return;
  }
  draw.scale(RATIO, RATIO);
  paint(draw);
  map.addImage(name, draw.getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: RATIO });
}
