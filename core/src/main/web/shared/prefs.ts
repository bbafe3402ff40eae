import { speak, type Language } from './texts';

export type Theme = 'system' | 'light' | 'dark';

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // Storage is forbidden: the choice lasts as long as the page.
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above.
  }
}

export function language(): Language {
  return stored('canopy.language') === 'en' ? 'en' : 'vi';
}

export function theme(): Theme {
  const value = stored('canopy.theme');
  return value === 'light' || value === 'dark' ? value : 'system';
}

export function choose(language: Language): void {
  store('canopy.language', language);
  speak(language);
}

export function paint(theme: Theme): void {
  store('canopy.theme', theme);
  if (theme === 'system') {
    delete document.documentElement.dataset['theme'];
  } else {
    document.documentElement.dataset['theme'] = theme;
  }
}
