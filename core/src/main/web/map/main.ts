import '@fontsource/be-vietnam-pro/vietnamese-400.css';
import '@fontsource/be-vietnam-pro/vietnamese-500.css';
import '@fontsource/be-vietnam-pro/vietnamese-600.css';
import '@fontsource/be-vietnam-pro/latin-400.css';
import '@fontsource/be-vietnam-pro/latin-500.css';
import '@fontsource/be-vietnam-pro/latin-600.css';
import 'maplibre-gl/dist/maplibre-gl.css';
import 'uplot/dist/uPlot.min.css';
import '../shared/tokens.css';
import '../shared/base.css';
import './operations.css';
import './canvas/map.css';
import './panels.css';
import './gateways.css';
import './tickets/acts.css';
import * as prefs from '../shared/prefs';
import { speak } from '../shared/texts';
import './operations';
import { store } from './store';

speak(prefs.language());
prefs.paint(prefs.theme());
void store.begin();
// The map's library is most of what the page loads: it is read while the service is asked who looks at it.
void import('./canvas/city-map');
