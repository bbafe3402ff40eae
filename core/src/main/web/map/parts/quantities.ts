import type { Texts } from '../../shared/model';
import type { TextKey } from '../../shared/texts';
import { isText, t } from '../../shared/texts';

/** How a quantity is coloured on the map: one ramp, one span, so that a colour always means the same value. */
export interface Scale {
  ramp: 'level' | 'water' | 'heat' | 'charge';
  low: number;
  high: number;
  unit: string;
}

export const SCALES: Record<string, Scale> = {
  fill_level: { ramp: 'level', low: 0, high: 100, unit: '%' },
  soil_moisture: { ramp: 'water', low: 5, high: 45, unit: '%' },
  water_level: { ramp: 'water', low: 0, high: 0.5, unit: 'm' },
  tilt: { ramp: 'level', low: 0, high: 10, unit: 'deg' },
  waste_temperature: { ramp: 'heat', low: 20, high: 80, unit: 'Cel' },
  soil_temperature: { ramp: 'heat', low: 15, high: 35, unit: 'Cel' },
  air_temperature: { ramp: 'heat', low: 10, high: 40, unit: 'Cel' },
  battery: { ramp: 'charge', low: 0, high: 100, unit: '%' },
};

export const STEPS = 5;

const NAMES: Record<string, readonly [string, string]> = {
  fill_level: ['Mức đầy', 'Fill level'],
  soil_moisture: ['Độ ẩm đất', 'Soil moisture'],
  soil_temperature: ['Nhiệt độ đất', 'Soil temperature'],
  air_temperature: ['Nhiệt độ không khí', 'Air temperature'],
  relative_humidity: ['Độ ẩm không khí', 'Relative humidity'],
  tilt: ['Độ nghiêng', 'Tilt'],
  waste_temperature: ['Nhiệt độ rác', 'Waste temperature'],
  weight: ['Khối lượng', 'Weight'],
  water_level: ['Mực nước', 'Water level'],
  rainfall: ['Lượng mưa', 'Rainfall'],
  wind_speed: ['Tốc độ gió', 'Wind speed'],
  pm25: ['Bụi mịn PM2.5', 'PM2.5'],
  noise: ['Tiếng ồn', 'Noise'],
  rssi: ['Cường độ sóng', 'Signal strength'],
  lid_open: ['Nắp mở', 'Lid open'],
  manhole_open: ['Nắp cống mở', 'Manhole open'],
};

export function quantityName(quantity: string, language: 'vi' | 'en'): string {
  const text: TextKey | null = isText(quantity) ? quantity : null;
  if (text !== null) {
    return t(text);
  }
  return NAMES[quantity]?.[language === 'vi' ? 0 : 1] ?? quantity;
}

/** A quantity as the service tells of it. */
export interface Measured {
  name: string;
  unit: string;
  min: number;
  max: number;
  title: Texts;
}

/** Takes in the quantities of further packs: their names, and a ramp over all that they may be. Says whether any is new. */
export function learnQuantities(quantities: readonly Measured[]): boolean {
  let some = false;
  for (const one of quantities) {
    if (!(one.name in NAMES) && !isText(one.name)) {
      NAMES[one.name] = [one.title.vi ?? one.name, one.title.en ?? one.name];
      SCALES[one.name] ??= { ramp: 'level', low: one.min, high: one.max, unit: one.unit };
      some = true;
    }
  }
  return some;
}

/** Which of the ramp's steps a value has. */
export function step(scale: Scale, value: number): number {
  const share = (value - scale.low) / (scale.high - scale.low);
  return Math.max(0, Math.min(STEPS - 1, Math.floor(share * STEPS)));
}
