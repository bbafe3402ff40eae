import { html, nothing as none, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import * as api from '../../shared/api';
import type { Command, Failure, OfferedCommand, Scalar } from '../../shared/api';
import { ago, clock, exact, milliseconds } from '../../shared/format';
import { ours, t, word } from '../../shared/texts';
import { failureOf, isOffline, nothing, type Loaded } from '../parts/loaded';
import { empty, shown, undone } from '../parts/notice';
import { Part } from '../parts/part';
import { store, type Topic } from '../store';
import { mayAct } from '../tickets/moves';

/** Commands and what the device offers. */
interface Known {
  commands: readonly Command[];
  offered: readonly OfferedCommand[];
}

/** What a device was asked to do, live, and the way to ask it. */
@customElement('canopy-commands')
export class Commands extends Part {
  protected readonly about: readonly Topic[] = ['time', 'session'];
  @property() device = '';
  @state() private busy = false;
  @state() private failure: Failure | null = null;
  @state() private chosen = '';
  #known: Loaded<Known> = nothing();

  override connectedCallback(): void {
    super.connectedCallback();
    store.addEventListener('commands', this.#told);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    store.removeEventListener('commands', this.#told);
  }

  readonly #told = (): void => {
    if (store.commanded === this.device) {
      void this.#load();
    }
  };

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('device')) {
      this.#known = nothing();
      this.failure = null;
      this.chosen = '';
      void this.#load();
    }
  }

  async #load(): Promise<void> {
    const { device } = this;
    try {
      const [commands, offered] = await Promise.all([api.commands(device), this.#known.value?.offered ?? api.offeredCommands(device)]);
      if (device === this.device) {
        this.#known = { value: { commands, offered }, failure: null, loading: false };
      }
    } catch (e) {
      this.#known = { ...this.#known, failure: failureOf(e), loading: false };
    }
    this.requestUpdate();
  }

  protected override whenBack(): void {
    if (isOffline(this.#known)) {
      void this.#load();
    }
  }

  protected override render(): TemplateResult {
    return html`<h3>${t('commands')}</h3>
      ${shown(
        this.#known,
        { again: () => void this.#load(), rows: 2 },
        ({ commands, offered }) => html`${mayAct(store.user) ? this.#form(offered) : none}
          ${commands.length === 0 ? empty(t('empty_commands')) : html`<ul class="entries">${commands.map((one) => html`<li>${this.#row(one)}</li>`)}</ul>`}`,
      )}`;
  }

  #form(offered: readonly OfferedCommand[]): TemplateResult {
    const chosen = offered.find((one) => one.name === this.chosen) ?? offered[0];
    return html`<form class="acts" @submit=${(event: SubmitEvent) => this.#submitted(event, chosen)} aria-busy=${this.busy ? 'true' : 'false'}>
        ${offered.length === 0
          ? html`<label>${t('command_name')}<input name="command" required pattern="[a-z0-9_]{1,64}" autocomplete="off" ?disabled=${this.busy} /></label>`
          : html`<label
              >${t('command_name')}<select name="command" ?disabled=${this.busy} @change=${(event: Event) => (this.chosen = (event.target as HTMLSelectElement).value)}>
                ${offered.map((one) => html`<option value=${one.name} ?selected=${one === chosen}>${ours(one.title, one.name)}</option>`)}
              </select></label
            >`}
        ${chosen?.parameters.map((one) => this.#parameter(one)) ?? none}
        <div class="line"><button class="main" ?disabled=${this.busy}>${t('command_give')}</button></div>
      </form>
      ${this.failure === null ? none : undone(this.failure, null)}`;
  }

  #parameter({ name, title, min, max, default: otherwise }: OfferedCommand['parameters'][number]): TemplateResult {
    const isNumber = min !== undefined || max !== undefined || typeof otherwise === 'number';
    return html`<label
      >${ours(title, name)}${min === undefined || max === undefined ? none : html` <span class="soft">${t('command_range', { low: min, high: max })}</span>`}<input
        name=${`p_${name}`}
        type=${isNumber ? 'number' : 'text'}
        step="any"
        min=${min ?? none}
        max=${max ?? none}
        ?required=${otherwise === undefined}
        .value=${String(otherwise ?? '')}
        ?disabled=${this.busy}
    /></label>`;
  }

  #row(one: Command): TemplateResult {
    const offered = this.#known.value?.offered.find((known) => known.name === one.command);
    const over = one.replied_at ?? one.sent_at ?? one.created_at;
    const asked = Object.entries(one.parameters).map(([name, value]) => `${ours(offered?.parameters.find((known) => known.name === name)?.title, name)}: ${String(value)}`);
    return html`<p><strong>${ours(offered?.title, one.command)}</strong> · ${word('command', one.state)}</p>
      <p class="soft">
        ${[...asked, one.created_by_name ?? one.created_by].join(' · ')} · <time datetime=${over} title=${exact(over)}>${ago(over, store.now)}</time>
        ${isOpen(one) ? html` · ${t('command_until', { time: clock(one.expires_at) })}` : none}
      </p>
      ${outcome(one)} ${one.value === undefined ? none : html`<p>${t('command_value', { value: String(one.value) })}</p>`}
      ${one.state === 'queued' && mayAct(store.user)
        ? html`<button type="button" ?disabled=${this.busy} @click=${() => void this.#do(() => api.cancelCommand(this.device, one.id))}>${t('command_cancel')}</button>`
        : none}`;
  }

  #submitted(event: SubmitEvent, chosen: OfferedCommand | undefined): void {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => ((given.get(name) ?? '') as string).trim();
    const parameters: Record<string, Scalar> = {};
    for (const { name, min, max, default: otherwise } of chosen?.parameters ?? []) {
      const value = text(`p_${name}`);
      if (value !== '') {
        parameters[name] = asked(value, min !== undefined || max !== undefined ? 0 : otherwise);
      }
    }
    void this.#do(() => api.giveCommand(this.device, { command: text('command'), parameters }));
  }

  async #do(deed: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    this.failure = null;
    try {
      await deed();
      await this.#load();
    } catch (e) {
      this.failure = failureOf(e);
    } finally {
      this.busy = false;
    }
  }
}

/** What came of it; where a valve closes by itself, when, and whether it has. */
function outcome({ state: at, detail, lwm2m, followed, replied_at: replied }: Command): TemplateResult | typeof none {
  if (followed !== undefined) {
    const value = said(lwm2m?.then?.value);
    return html`<p>${t(`command_then_${followed.state}`, { value, time: clock(followed.at) })}</p>
      ${followed.detail === '' ? none : html`<p class="soft">${followed.detail}</p>`}`;
  }
  const later = replied === undefined ? Number.NaN : Date.parse(replied) + milliseconds(lwm2m?.then?.after ?? '');
  if (at === 'done' && lwm2m?.then !== undefined && !Number.isNaN(later)) {
    return html`<p>${t('command_then', { value: said(lwm2m.then.value), time: clock(new Date(later).toISOString()) })}</p>`;
  }
  return detail === '' ? none : html`<p>${detail}</p>`;
}

/** What is written, in people's words. */
export function said(value: unknown): string {
  if (typeof value === 'boolean') {
    return t(value ? 'switched_on' : 'switched_off');
  }
  if (value === undefined) {
    return '';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What was typed, as the kind of value that the parameter has. */
export function asked(value: string, like: Scalar | undefined): Scalar {
  if (typeof like === 'number') {
    return Number(value);
  }
  return typeof like === 'boolean' ? value === 'true' : value;
}

export function isOpen({ state: at }: Pick<Command, 'state'>): boolean {
  return at === 'queued' || at === 'sent' || at === 'waiting';
}
