import { html, nothing as none, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { logIn } from '../shared/api';
import { t, type TextKey } from '../shared/texts';
import { failureOf } from './parts/loaded';
import { Part } from './parts/part';
import { store, type Topic } from './store';
import { switches } from './switches';

@customElement('canopy-log-in')
export class LogIn extends Part {
  protected readonly about: readonly Topic[] = ['session'];
  @state() private busy = false;
  @state() private wrong: TextKey | null = null;

  protected override render(): TemplateResult {
    const message = this.wrong ?? (store.sessionOver ? 'session_over' : null);
    return html`<main class="alone">
      <form class="card" @submit=${this.#submit} aria-busy=${this.busy ? 'true' : 'false'}>
        <h1><img src="/icon.svg" alt="" class="logo" />Canopy</h1>
        <p class="soft">${t('app_title')}</p>
        <label>${t('name')}<input name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus /></label>
        <label>${t('password')}<input name="password" type="password" autocomplete="current-password" required /></label>
        ${message === null ? none : html`<p class="wrong" role="alert">${t(message)}</p>`}
        <button class="main" ?disabled=${this.busy}>${this.busy ? t('logging_in') : t('log_in')}</button>
        <p class="soft small">${t('log_in_hint')}</p>
        <div class="switches">${switches()}</div>
      </form>
    </main>`;
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement);
    this.busy = true;
    this.wrong = null;
    try {
      store.loggedIn(await logIn(fields.get('name') as string, fields.get('password') as string));
    } catch (e) {
      const failure = failureOf(e);
      if (failure.kind === 'offline') {
        this.wrong = 'offline';
      } else {
        this.wrong = failure.kind === 'failed' && failure.status === 429 ? 'log_in_later' : 'log_in_wrong';
      }
    } finally {
      this.busy = false;
    }
  };
}
