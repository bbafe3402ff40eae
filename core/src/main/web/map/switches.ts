import { html, type TemplateResult } from 'lit';
import * as prefs from '../shared/prefs';
import { spoken, t, type Language } from '../shared/texts';
import { store } from './store';

/** Language and theme. Kept in the browser; the whole page follows at once. */
export function switches(): TemplateResult {
  const theme = prefs.theme();
  return html`<select
      class="language"
      aria-label=${t('language')}
      @change=${(event: Event) => {
        prefs.choose((event.target as HTMLSelectElement).value as Language);
        store.changed('look');
      }}
    >
      <option value="vi" lang="vi" ?selected=${spoken() === 'vi'}>Tiếng Việt</option>
      <option value="en" lang="en" ?selected=${spoken() === 'en'}>English</option>
    </select>
    <select
      class="theme"
      aria-label=${t('theme')}
      @change=${(event: Event) => {
        prefs.paint((event.target as HTMLSelectElement).value as prefs.Theme);
        store.changed('look');
      }}
    >
      <option value="system" ?selected=${theme === 'system'}>${t('theme_system')}</option>
      <option value="light" ?selected=${theme === 'light'}>${t('theme_light')}</option>
      <option value="dark" ?selected=${theme === 'dark'}>${t('theme_dark')}</option>
    </select>`;
}
