import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import uPlot from 'uplot';
import { clock, exact, number, withUnit } from '../../shared/format';
import { columns, summary, type SeriesLine } from '../../shared/series';
import { spoken, t } from '../../shared/texts';
import type { Topic } from '../store';
import { Part } from './part';
import { quantityName } from './quantities';

/** One quantity over time: the mean as a line, lowest to highest as a band, the limit dashed. In words below for all. */
@customElement('canopy-chart')
export class Chart extends Part {
  protected readonly about: readonly Topic[] = [];
  @property({ attribute: false }) line!: SeriesLine;
  @property({ attribute: false }) limit: number | null = null;
  @property({ attribute: false }) from = 0;
  @property({ attribute: false }) to = 0;
  #plot: uPlot | null = null;
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  readonly #resized = new ResizeObserver(() => this.#fit());
  readonly #repaint = (): void => this.#draw();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
    this.#dark.addEventListener('change', this.#repaint);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#dark.removeEventListener('change', this.#repaint);
    this.#plot?.destroy();
    this.#plot = null;
  }

  protected override render(): TemplateResult {
    const { unit, quantity } = this.line;
    const seen = summary(this.line);
    return html`<figure>
      <figcaption>
        <strong>${quantityName(quantity, spoken())}</strong>
        <span class="soft small">
          ${seen === null ? '' : t('chart_summary', { low: withUnit(seen.low, unit), high: withUnit(seen.high, unit), last: withUnit(seen.last, unit) })}
          ${this.limit === null ? '' : t('chart_limit', { limit: withUnit(this.limit, unit) })}
        </span>
      </figcaption>
      <div class="plot" aria-hidden="true"></div>
    </figure>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.#draw();
  }

  #draw(): void {
    const place = this.querySelector<HTMLElement>('.plot');
    this.#plot?.destroy();
    this.#plot = null;
    if (place === null || place.clientWidth === 0) {
      return;
    }
    const [times, means, lows, highs] = columns(this.line);
    const limits = times.map(() => this.limit);
    this.#plot = new uPlot(this.#options(place), [times, means, lows, highs, limits], place);
  }

  #fit(): void {
    const place = this.querySelector<HTMLElement>('.plot');
    if (place === null || place.clientWidth === 0) {
      return;
    }
    if (this.#plot === null) {
      this.#draw();
    } else if (this.#plot.width !== place.clientWidth) {
      this.#plot.setSize({ width: place.clientWidth, height: this.#plot.height });
    }
  }

  #options(place: HTMLElement): uPlot.Options {
    const paint = painter(this);
    const font = `${paint('--type-1')} ${paint('--font')}`;
    const axis = { stroke: paint('--ink-soft'), grid: { stroke: paint('--line'), width: 1 }, ticks: { show: false }, font };
    const band = { stroke: 'transparent', points: { show: false } };
    const day = 86_400;
    const time = (seconds: number, whole: number): string => (whole <= day ? clock(seconds * 1000).slice(0, 5) : shortDate(seconds));
    return {
      width: place.clientWidth,
      height: parseInt(paint('--chart'), 10),
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      scales: { x: { range: () => [this.from / 1000, this.to / 1000] } },
      axes: [
        { ...axis, size: 28, space: 72, values: (_, splits) => splits.map((one) => time(one, (this.to - this.from) / 1000)) },
        { ...axis, size: 48, values: (_, splits) => splits.map((one) => number(one, 2)) },
      ],
      series: [
        {},
        { stroke: paint('--accent'), width: 2, points: { show: this.line.points.length < 3, fill: paint('--accent') } },
        band,
        band,
        { stroke: paint('--overdue'), width: 2, dash: [6, 4], points: { show: false } },
      ],
      bands: [{ series: [3, 2], fill: paint('--accent-soft') }],
      hooks: { setCursor: [(plot) => this.#tell(plot, place)] },
    };
  }

  /** The reading under the pointer. */
  #tell(plot: uPlot, place: HTMLElement): void {
    const at = plot.cursor.idx;
    const when = at == null ? undefined : plot.data[0][at];
    const value = at == null ? undefined : plot.data[1]?.[at];
    place.title = when === undefined || value == null ? '' : `${exact(when * 1000)}: ${withUnit(value, this.line.unit)}`;
  }
}

function shortDate(seconds: number): string {
  return new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: '2-digit', timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date(seconds * 1000));
}

/** A token's colour as the canvas understands it: `light-dark()` is settled by a real element. */
function painter(element: HTMLElement): (token: string) => string {
  const probe = document.createElement('i');
  return (token) => {
    const raw = getComputedStyle(element).getPropertyValue(token).trim();
    if (!raw.startsWith('light-dark')) {
      return raw;
    }
    element.append(probe);
    probe.style.color = `var(${token})`;
    const settled = getComputedStyle(probe).color;
    probe.remove();
    return settled;
  };
}
