import type { FeatureCollection, Position } from 'geojson';
import * as api from '../shared/api';
import type { Assignee, Device, Ticket, User, Value } from '../shared/api';
import { matches } from '../shared/format';
import { Live, type LiveEvent, type LiveStatus } from '../shared/live';
import { ours } from '../shared/texts';
import { failureOf, nothing, type Loaded } from './parts/loaded';
import { inQueueOrder, isAmong, passes } from './parts/look';
import { middle } from './canvas/places';
import type { Box } from './canvas/touched-tiles';
import { allLayers, learnLayers, learnProfiles, profileName, type KnownLayer, type KnownProfile } from './parts/catalogue';
import { isAbout, type LayerEdit } from './layers/edits';
import { Styles } from './layers/styles';
import { learnQuantities, SCALES, type Measured } from './parts/quantities';
import { alone, featureRef, isStep, readView, writeView, type View } from './view';

/** The layers that the page holds whole, for their names; what is drawn comes as tiles. */
export const LAYERS = ['wards', 'zones'] as const;
const VALUES_EVERY = 1_000;
/** So long after the styles the map waits for what is on it, in milliseconds. */
const DATA_WITHIN = 1_000;
/** So long the values that the map does not show wait for its first picture, in milliseconds after the page has begun. */
const PICTURE_WITHIN = 4_000;

export type LayerName = (typeof LAYERS)[number];

/** What changed, so that a part draws itself again only when it is concerned. */
export type Topic = 'session' | 'view' | 'tickets' | 'devices' | 'values' | 'layers' | 'styles' | 'edited' | 'people' | 'commands' | 'link' | 'time' | 'look';

export function valueKey(value: Pick<Value, 'device' | 'quantity' | 'instance'>): string {
  return `${value.device}\n${value.quantity}\n${value.instance}`;
}

/** All that the page knows. Parts read it and ask it for changes; it alone talks to the service. */
export class Store extends EventTarget {
  user: User | null | 'unknown' = 'unknown';
  sessionFailure: api.Failure | null = null;
  sessionOver = false;
  view: View = readView(location.search);
  tickets: Loaded<Map<string, Ticket>> = nothing();
  devices: Loaded<Map<string, Device>> = nothing();
  /** Whom a ticket can be given to; asked for by whoever gives one out. */
  people: Loaded<Assignee[]> = nothing();
  layers = new Map<LayerName, Loaded<FeatureCollection>>(LAYERS.map((name) => [name, nothing()]));
  readonly styles = new Styles(() => {
    setTimeout(() => this.#mayDraw(), DATA_WITHIN);
    this.changed('styles');
  });
  /** Whether the map knows what to draw; made of less it would be made again and again. */
  drawable = false;
  /** The device whose commands changed last. */
  commanded: string | null = null;
  /** What somebody did to a layer last. */
  edited: LayerEdit | null = null;
  /** The latest values of each device. */
  readonly #values = new Map<string, Map<string, Value>>();
  /** Where features are that were seen without their layer being here, by layer/id. */
  readonly places = new Map<string, Position>();
  link: LiveStatus = 'connecting';
  linkAt = Date.now();
  catchingUp = false;
  now = Date.now();
  /** Why the latest values are not there, or not all. */
  valuesFailure: api.Failure | null = null;
  /** The newest ticket that arrived while somebody was looking. */
  arrived: Ticket | null = null;

  readonly #live = new Live('/api/v1/events', {
    event: (event) => this.#heard(event),
    status: (status) => this.#linked(status),
    refused: () => this.loggedOut(true),
  });
  readonly #located = new Set<string>();
  /** The map has drawn what it was given, or takes too long for anybody to wait for it. */
  readonly #pictured = new Promise<void>((done) => {
    this.addEventListener('pictured', () => done(), { once: true });
    setTimeout(done, PICTURE_WITHIN);
  });
  #early: LiveEvent[] = [];
  #telling = false;
  #loads = 0;

  changed(...topics: Topic[]): void {
    topics.forEach((topic) => this.dispatchEvent(new Event(topic)));
  }

  async begin(): Promise<void> {
    setInterval(() => {
      this.now = Date.now();
      this.changed('time');
    }, 15_000);
    const relit = (): void => void (this.me === null ? undefined : this.styles.want(allLayers()));
    this.addEventListener('look', relit);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', relit);
    addEventListener('online', () => this.#live.hurry());
    addEventListener('popstate', () => {
      this.view = readView(location.search);
      this.changed('view');
    });
    await this.whoAmI();
  }

  async whoAmI(): Promise<void> {
    try {
      this.loggedIn(await api.whoAmI());
    } catch (e) {
      const failure = failureOf(e);
      if (failure.kind === 'logged-out') {
        this.loggedOut(false);
      } else {
        this.sessionFailure = failure;
        this.changed('session');
        setTimeout(() => void this.whoAmI(), 3_000);
      }
    }
  }

  loggedIn(user: User): void {
    this.user = user;
    this.sessionFailure = null;
    this.sessionOver = false;
    // Asked for before the page is laid out, so that the answers come meanwhile. The map is made of the styles; all else comes once nothing that
    // happens meanwhile can be missed.
    void this.styles.want(allLayers());
    this.#live.start();
    this.changed('session');
  }

  loggedOut(over: boolean): void {
    this.#live.stop();
    this.user = null;
    this.sessionOver = over;
    this.tickets = nothing();
    this.devices = nothing();
    this.people = nothing();
    this.#values.clear();
    this.places.clear();
    LAYERS.forEach((name) => this.layers.set(name, nothing()));
    this.changed('session', 'tickets', 'devices', 'layers', 'values');
  }

  async logOut(): Promise<void> {
    try {
      await api.logOut();
    } catch (e) {
      if (failureOf(e).kind === 'offline') {
        return; // Still logged in at the service: the page must not pretend otherwise.
      }
    }
    this.loggedOut(false);
  }

  /** Changes the view; a new selection becomes a step in the browser's history, the rest replaces it. */
  show(change: Partial<View>): void {
    const step = isStep(change);
    this.view = { ...this.view, ...alone(change) };
    const address = writeView(this.view);
    if (step && address !== location.pathname + location.search) {
      history.pushState(null, '', address);
    } else {
      history.replaceState(null, '', address);
    }
    this.changed('view');
  }

  /** The tickets that the list shows, in the order of the queue. */
  queue(): Ticket[] {
    const { filter, query, rows } = this.view;
    return [...(this.tickets.value?.values() ?? [])]
      .filter((one) => passes(one, filter, this.now) && (rows === null || isAmong(one, rows)))
      .filter((one) => query === '' || matches(query, [ours(one.title), one.ward ?? '', one.feature_id, one.id, one.service].join(' ')))
      .sort(inQueueOrder);
  }

  get me(): User | null {
    return this.user === 'unknown' ? null : this.user;
  }

  /** The teams that zones are in the care of, by name. */
  teams(): string[] {
    const named = this.layers.get('zones')?.value?.features.map((one) => one.properties?.['responsible'] as unknown) ?? [];
    return [...new Set(named.filter((one) => typeof one === 'string'))].sort((a, b) => a.localeCompare(b, 'vi'));
  }

  /** How an assignee is called: by the display name where it is somebody who can log in. */
  nameOf(assignee: string): string {
    return this.people.value?.find((one) => one.name === assignee)?.display_name ?? assignee;
  }

  /** The quantity that sensors are coloured by on the map. */
  get quantity(): string {
    const chosen = this.view.quantity;
    return chosen !== null && chosen in SCALES ? chosen : 'fill_level';
  }

  titleOf(ticket: Ticket): string {
    return ours(ticket.title, ticket.service);
  }

  deviceList(): Device[] {
    const { query } = this.view;
    return [...(this.devices.value?.values() ?? [])]
      .filter((one) => query === '' || matches(query, `${one.id} ${one.profile} ${profileName(one.profile)} ${one.attach?.feature_id ?? ''}`))
      .sort((a, b) => a.id.localeCompare(b.id));
  }

  /** Finds out where a feature is that an address named and nobody has looked at; its own panel tells what fails. */
  async locate(feature: string): Promise<void> {
    if (this.places.has(feature) || this.#located.has(feature)) {
      return;
    }
    this.#located.add(feature);
    const { layer, id } = featureRef(feature);
    const found = await this.#loaded(nothing<Position | null>(), async () => middle((await api.feature(layer, id)).geometry));
    if (found.value) {
      this.saw(feature, found.value);
    } else {
      this.#located.delete(feature);
    }
  }

  /** Remembers where a feature is that has been looked at. */
  saw(feature: string, place: Position): void {
    const known = this.places.get(feature);
    if (known === undefined || known[0] !== place[0] || known[1] !== place[1]) {
      this.places.set(feature, place);
      this.changed('layers');
    }
  }

  #mayDraw(): void {
    if (!this.drawable && this.styles.answered) {
      this.drawable = true;
      this.changed('styles');
    }
  }

  /** The map has drawn all that it was given. */
  pictured(): void {
    this.dispatchEvent(new Event('pictured'));
  }

  /** Brings this box (west, south, east, north) onto the map. */
  fly(box: Box): void {
    this.dispatchEvent(new CustomEvent<Box>('fly', { detail: box }));
  }

  valuesOf(device: string): Value[] {
    return [...(this.#values.get(device)?.values() ?? [])];
  }

  /** Everything anew: at the start, after a gap that the events could not fill, and when somebody asks. */
  async load(): Promise<void> {
    this.#loads++;
    const onMap = [this.loadTickets(), this.loadDevices(), this.#loadShown(), ...LAYERS.map((name) => this.loadLayer(name))];
    void Promise.all(onMap).then(() => this.#mayDraw());
    await Promise.all([this.styles.want(allLayers()), this.#loadCatalogue(), ...onMap]);
    this.#loads--;
    void this.#loadRest();
    if (this.#loads === 0) {
      const early = this.#early;
      this.#early = [];
      early.forEach((event) => this.#apply(event));
    }
  }

  async loadTickets(): Promise<void> {
    this.tickets = { ...this.tickets, loading: true };
    this.changed('tickets');
    this.tickets = await this.#loaded(this.tickets, async () => {
      const items = await api.all<Ticket>('tickets?limit=1000');
      return new Map(items.map((one) => [one.id, one]));
    });
    this.changed('tickets');
  }

  async loadDevices(): Promise<void> {
    this.devices = { ...this.devices, loading: true };
    this.changed('devices');
    this.devices = await this.#loaded(this.devices, async () => {
      const items = await api.all<Device>('devices?limit=1000');
      return new Map(items.map((one) => [one.id, one]));
    });
    this.changed('devices');
  }

  async loadPeople(): Promise<void> {
    this.people = { ...this.people, failure: null, loading: true };
    this.people = await this.#loaded(this.people, () => api.assignees());
    this.changed('people');
  }

  async loadValues(): Promise<void> {
    await this.#loadShown();
    await this.#loadRest();
  }

  /** What the map is coloured by: it comes in one page, all else takes several. */
  async #loadShown(): Promise<void> {
    const shown = await this.#loaded(nothing<Value[]>(), () => api.all<Value>(`state?limit=1000&quantity=${encodeURIComponent(this.quantity)}`));
    shown.value?.forEach((one) => this.#take(one));
    this.changed('values');
  }

  async #loadRest(): Promise<void> {
    if (this.view.panel === 'tickets' && this.view.device === null) {
      await this.#pictured; // Whoever looks at the map is not kept from it by what it does not show.
    }
    const loaded = await this.#loaded(nothing<Value[]>(), () => api.all<Value>('state?limit=1000'));
    loaded.value?.forEach((one) => this.#take(one));
    this.valuesFailure = loaded.failure;
    this.changed('values');
  }

  /** What the packs bring that the page does not know by itself; without it the page shows what it knows. */
  async #loadCatalogue(): Promise<void> {
    const layers = await this.#loaded(nothing<KnownLayer[]>(), () => api.layers());
    const fresh = layers.value !== null && learnLayers(layers.value);
    if (fresh) {
      void this.styles.want(allLayers());
    }
    const quantities = await this.#loaded(nothing<Measured[]>(), () => api.quantities());
    if (learnQuantities(quantities.value ?? [])) {
      this.changed('look');
    }
    const profiles = await this.#loaded(nothing<KnownProfile[]>(), () => api.profiles());
    if (profiles.value !== null) {
      learnProfiles(profiles.value);
      this.changed('devices');
    }
    if (fresh) {
      this.changed('layers');
    }
  }

  async loadLayer(name: LayerName): Promise<void> {
    const before = this.layers.get(name) ?? nothing<FeatureCollection>();
    this.layers.set(name, await this.#loaded(before, () => api.layer(name)));
    this.changed('layers');
  }

  async #loaded<T>(before: Loaded<T>, get: () => Promise<T>): Promise<Loaded<T>> {
    try {
      return { value: await get(), failure: null, loading: false };
    } catch (e) {
      const failure = failureOf(e);
      if (failure.kind === 'logged-out' && this.user !== null) {
        this.loggedOut(true);
      }
      return { ...before, failure, loading: false };
    }
  }

  #linked(status: LiveStatus): void {
    const before = this.link;
    this.link = status;
    if (status === 'live') {
      const first = this.tickets.value === null;
      const failed = this.tickets.failure ?? this.devices.failure ?? [...this.layers.values()].find((one) => one.failure !== null);
      this.catchingUp = !first && before !== 'live';
      this.changed('link');
      void (first || failed || !this.#live.resumes ? this.load() : this.loadValues()).then(() => {
        this.catchingUp = false;
        this.changed('link');
      });
    } else {
      if (before === 'live') {
        this.linkAt = Date.now();
      }
      if (this.tickets.value === null && status === 'away') {
        this.tickets = { value: null, failure: { kind: 'offline' }, loading: false };
        this.changed('tickets');
      }
      this.changed('link');
    }
  }

  #heard(event: LiveEvent): void {
    this.linkAt = Date.now();
    if (this.#loads > 0) {
      this.#early.push(event);
    } else {
      this.#apply(event);
    }
  }

  #apply(event: LiveEvent): void {
    if (event.kind === 'reset') {
      void this.load();
    } else if (event.kind === 'feature_state') {
      const { items } = JSON.parse(event.data) as { items: Value[] };
      items.forEach((one) => this.#take(one));
      this.#tellValues();
    } else if (event.kind === 'ticket' || event.kind.startsWith('ticket.')) {
      this.#ticket(JSON.parse(event.data) as Ticket);
    } else if (event.kind === 'layer.changed') {
      this.#edit(JSON.parse(event.data) as LayerEdit);
    } else if (event.kind === 'command.changed') {
      this.commanded = (JSON.parse(event.data) as { device: string }).device;
      this.changed('commands');
    }
  }

  #edit(edit: LayerEdit): void {
    for (const gone of [...this.places.keys()].filter((one) => isAbout(edit, one))) {
      this.places.delete(gone);
      this.#located.delete(gone);
    }
    const whole = LAYERS.find((one) => one === edit.layer);
    if (whole !== undefined) {
      void this.loadLayer(whole);
    }
    if (!allLayers().includes(edit.layer)) {
      void this.#loadCatalogue();
    }
    this.edited = edit;
    this.changed('edited');
  }

  /** Values come many times a second; who shows them draws once a second. */
  #tellValues(): void {
    if (!this.#telling) {
      this.#telling = true;
      setTimeout(() => {
        this.#telling = false;
        this.changed('values');
      }, VALUES_EVERY);
    }
  }

  /** A ticket as the service answered it; the event that tells the same comes later and changes nothing. */
  took(ticket: Ticket): void {
    this.#ticket(ticket);
  }

  #ticket(ticket: Ticket): void {
    const known = this.tickets.value?.get(ticket.id);
    if (known !== undefined && known.updated_at > ticket.updated_at) {
      return;
    }
    const all = new Map(this.tickets.value ?? []);
    all.set(ticket.id, ticket);
    this.tickets = { ...this.tickets, value: all };
    if (known === undefined) {
      this.arrived = ticket;
    }
    this.changed('tickets');
  }

  #take(value: Value): void {
    const key = valueKey(value);
    const own = this.#values.get(value.device) ?? new Map<string, Value>();
    const known = own.get(key);
    if (known === undefined || Date.parse(known.measured_at) <= Date.parse(value.measured_at)) {
      own.set(key, value);
      this.#values.set(value.device, own);
    }
  }
}

export const store = new Store();
