import { html, nothing, type TemplateResult } from 'lit';
import type { Feature, Geometry } from 'geojson';
import { number } from '../../shared/format';
import type { Duplicate, ImportReport } from './import-send';
import { refusal, say, which } from './import-texts';

/** How many refused features and duplicates stand in the panel; the download has all that the service lists. */
export const SHOWN = 100;

function refusedRow(feature: Feature<Geometry | null>): TemplateResult {
  const said = (name: string): string => String(feature.properties?.[name] ?? '');
  const { cause, detail, remedy } = refusal(said('code'), said('detail'), said('remedy'));
  return html`<li><strong>${which(said('feature'))}</strong> <span class="wrong">${cause}</span><br /><span>${detail}</span><br /><span class="soft">${remedy}</span></li>`;
}

function duplicateRow(one: Duplicate): TemplateResult {
  const values = { id: one.id, other: one.other, m: number(one.meters) };
  return html`<li>${say(one.standing ? 'duplicate_standing' : 'duplicate_coming', values)}</li>`;
}

function summary(report: ImportReport): string {
  const values = { n: number(report.features), refused: number(report.refused) };
  return say(report.dry_run ? 'could' : report.taken ? 'taken' : 'nothing', values);
}

/** What became of a file, with the two ways to look at what was refused. */
export function reported(report: ImportReport, act: { draw: () => void; download: () => void }): TemplateResult {
  const refused = report.refused_features.features;
  const drawable = refused.some((one) => one.geometry !== null);
  return html`<section class="import-report" aria-live="polite">
    <p class=${report.taken || (report.dry_run && report.refused === 0) ? 'good' : 'wrong'}>${summary(report)}</p>
    ${report.numbered ? html`<p class="soft">${say('numbered')}</p>` : nothing}
    ${refused.length === 0
      ? nothing
      : html`<h3>${say('refused')}</h3>
          <p class="buttons">
            <button type="button" name="draw" ?disabled=${!drawable} @click=${act.draw}>${say('draw')}</button>
            <button type="button" name="download" @click=${act.download}>${say('download')}</button>
          </p>
          <ol class="refused">${refused.slice(0, SHOWN).map(refusedRow)}</ol>
          ${refused.length > SHOWN ? html`<p class="soft">${say('shown_first', { n: SHOWN })}</p>` : nothing}`}
    ${report.duplicates.count === 0
      ? nothing
      : html`<h3>${say('duplicates', { n: number(report.duplicates.count) })}</h3>
          <ul class="duplicates">${report.duplicates.items.slice(0, SHOWN).map(duplicateRow)}</ul>`}
  </section>`;
}
