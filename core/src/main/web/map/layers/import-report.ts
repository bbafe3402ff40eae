import { html, nothing, type TemplateResult } from 'lit';
import type { Feature, Geometry } from 'geojson';
import { number } from '../../shared/format';
import { bounds } from '../canvas/places';
import type { Duplicate, ImportReport } from './import-send';
import { refusal, say, which } from './import-texts';

/** How many refused features and duplicates stand in the panel; the download has all that the service lists. */
export const SHOWN = 100;
/** The degrees of latitude that the map reaches. */
const MOST_NORTH = 85;

/** A place that a map can show: what lies outside of the world, as with swapped axes, has none. */
function boxOf(geometry: Geometry | null): number[] {
  const box = geometry === null ? null : bounds({ type: 'FeatureCollection', features: [{ type: 'Feature', geometry, properties: {} }] });
  return box === null || box.some((one) => !Number.isFinite(one)) || Math.max(Math.abs(box[1]), Math.abs(box[3])) > MOST_NORTH ? [] : box;
}

function refusedRow(feature: Feature<Geometry | null>, look: (box: readonly number[]) => void): TemplateResult {
  const box = boxOf(feature.geometry);
  const said = (name: string): string => String(feature.properties?.[name] ?? '');
  const { cause, detail, remedy } = refusal(said('code'), said('detail'), said('remedy'));
  return html`<li><strong>${which(said('feature'))}</strong> <span class="wrong">${cause}</span><br /><span>${detail}</span><br /><span class="soft">${remedy}</span>${box.length === 0 ? nothing : html`<br /><button type="button" class="quiet link-text" name="look" @click=${() => look(box)}>${say('look')}</button>`}</li>`;
}

function duplicateRow(one: Duplicate): TemplateResult {
  const values = { id: one.id, other: one.other, m: number(one.meters) };
  return html`<li>${say(one.standing ? 'duplicate_standing' : 'duplicate_coming', values)}</li>`;
}

function summary(report: ImportReport): string {
  const values = { n: number(report.features), refused: number(report.refused) };
  return say(report.dry_run ? 'could' : report.taken ? 'taken' : 'nothing', values);
}

/**
 * What became of a file, with the ways to look at it.
 * @param accepting whether those are taken that can be, though others cannot
 */
export function reported(report: ImportReport, act: { draw: () => void; download: () => void; look: (box: readonly number[]) => void }, accepting: boolean): TemplateResult {
  const refused = report.refused_features.features;
  const drawable = refused.some((one) => one.geometry !== null);
  return html`<section class="import-report" aria-live="polite">
    <p class=${report.taken || (report.dry_run && report.refused === 0) ? 'good' : 'wrong'}>${summary(report)}</p>
    ${report.dry_run && report.refused > 0 && report.features > 0 && !accepting ? html`<p class="soft">${say('accept_hint', { choice: say('accept_valid') })}</p>` : nothing}
    ${report.features > 0 && report.box.length === 4 && (report.taken || report.dry_run)
      ? html`<p><button type="button" class="quiet link-text" name="look-all" @click=${() => act.look(report.box)}>${say(report.taken ? 'look_taken' : 'look_coming')}</button></p>`
      : nothing}
    ${report.numbered ? html`<p class="soft">${say('numbered')}</p>` : nothing}
    ${refused.length === 0
      ? nothing
      : html`<h3>${say('refused')}</h3>
          <p class="buttons">
            <button type="button" name="draw" ?disabled=${!drawable} @click=${act.draw}>${say('draw')}</button>
            <button type="button" name="download" @click=${act.download}>${say('download')}</button>
          </p>
          <ol class="refused">${refused.slice(0, SHOWN).map((one) => refusedRow(one, act.look))}</ol>
          ${refused.length > SHOWN ? html`<p class="soft">${say('shown_first', { n: SHOWN })}</p>` : nothing}`}
    ${report.duplicates.count === 0
      ? nothing
      : html`<h3>${say('duplicates', { n: number(report.duplicates.count) })}</h3>
          <ul class="duplicates">${report.duplicates.items.slice(0, SHOWN).map(duplicateRow)}</ul>`}
  </section>`;
}
