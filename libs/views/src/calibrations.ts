// The calibrations of every tenant: the one in force in memory and current, older ones from the log when they are asked for.
import { EMPTY, foldOn, known, load, type Instant, type Loaded, type Position, type Sources } from '@trellis/event-sourcing';
import { calibrationStream, type CalibrationDocument, type CalibrationPublished, type TenantId } from '@trellis/learning';
import { combinationKey, DEFAULT_CALIBRATION, type BktParameters, type Calibration } from '@trellis/mastery';
import { activeAt, calibrationView, type CalibrationsRow } from './calibration-view.js';

/** Parameters of calibrations that are not in force, for looking at old decisions. */
const OLD_KEPT = 4;

export class Calibrations {
  private readonly rows = new Map<TenantId, Loaded<CalibrationsRow>>();
  private readonly active = new Map<TenantId, Calibration>();
  private readonly old = new Map<string, Calibration>();
  private readonly listeners: ((tenant: TenantId) => void)[] = [];

  /** `builtIn`: for tenants that have activated none. */
  constructor(
    private readonly sources: Sources,
    private readonly builtIn: Calibration = DEFAULT_CALIBRATION,
  ) {}

  /** Takes in what the log holds now. Afterwards `follow` or `refresh` keep it current. */
  async open(): Promise<Position | null> {
    const { store, views } = this.sources;
    let after = await views.checkpoint({ name: calibrationView.name });
    const tenants = new Set<string>();
    for await (const page of views.scan({ name: calibrationView.name })) for (const { key } of page) tenants.add(key);
    // Rows that were lost meanwhile have taken their checkpoint with them.
    if ((await views.checkpoint({ name: calibrationView.name })) === null) after = null;
    for await (const page of store.readAll({ after, prefix: calibrationView.prefix })) {
      for (const { stream } of page) tenants.add(stream.slice(calibrationView.prefix.length));
    }
    // The key of a calibration stream is the tenant.
    for (const tenant of tenants) await this.refresh(tenant as TenantId);
    return after;
  }

  /** Keeps it current with what other processes activate, until the signal. `reached` hears how far it has come. */
  async follow(after: Position | null, signal: AbortSignal, reached?: (position: Position | null) => void): Promise<void> {
    for await (const { records, position } of this.sources.store.follow({ after, signal, prefix: calibrationView.prefix })) {
      for (const tenant of new Set(records.map(({ stream }) => stream.slice(calibrationView.prefix.length)))) await this.refresh(tenant as TenantId);
      reached?.(position);
    }
  }

  /** Brings one tenant up to what is durable now. */
  async refresh(tenant: TenantId): Promise<void> {
    const before = this.rows.get(tenant);
    const loaded = before === undefined ? await load(this.sources, calibrationView, tenant) : await foldOn(this.sources, calibrationView, tenant, before);
    const isNewer = (): boolean => (this.rows.get(tenant)?.revision ?? EMPTY) < loaded.revision;
    const { active } = loaded.state.state;
    if (!isNewer()) return;
    const calibration = active === this.current(tenant).id ? this.current(tenant) : await this.read(tenant, loaded.state, active);
    if (calibration === null) throw new Error(`calibration ${active} of tenant ${tenant} is in force and cannot be read from the log`);
    // While its parameters were read, another call may have come further.
    if (!isNewer()) return;
    const isOther = calibration !== this.current(tenant);
    this.rows.set(tenant, loaded);
    if (!isOther) return;
    this.active.set(tenant, calibration);
    for (const listener of this.listeners) listener(tenant);
  }

  /** The one in force. */
  current(tenant: TenantId): Calibration {
    return this.active.get(tenant) ?? this.builtIn;
  }

  /** Hears whenever another one comes into force. */
  onActivation(listener: (tenant: TenantId) => void): void {
    this.listeners.push(listener);
  }

  /** What was published, the oldest first. */
  list(tenant: TenantId): CalibrationsRow {
    return this.rows.get(tenant)?.state ?? calibrationView.initial(tenant);
  }

  /** The one that was in force at a moment. */
  async at(tenant: TenantId, at: Instant): Promise<Calibration> {
    return (await this.byId(tenant, activeAt(this.list(tenant), at))) ?? this.current(tenant);
  }

  /** Null for one that the log does not hold whole. */
  async byId(tenant: TenantId, id: string): Promise<Calibration | null> {
    const current = this.current(tenant);
    if (id === current.id) return current;
    if (id === this.builtIn.id) return this.builtIn;
    const key = `${tenant} ${id}`;
    const kept = this.old.get(key);
    if (kept !== undefined) return kept;
    if (this.list(tenant).places[id] === undefined) await this.refresh(tenant);
    const calibration = await this.read(tenant, this.list(tenant), id);
    if (calibration === null) return null;
    this.old.set(key, calibration);
    for (const oldest of this.old.keys()) if (this.old.size > OLD_KEPT) this.old.delete(oldest);
    return calibration;
  }

  /** One as it was published, with its report; null if there is none. */
  async document(tenant: TenantId, id: string): Promise<CalibrationDocument | null> {
    return documentIn(await this.parts(tenant, this.list(tenant), id));
  }

  private async read(tenant: TenantId, row: CalibrationsRow, id: string): Promise<Calibration | null> {
    if (id === this.builtIn.id) return this.builtIn;
    const document = documentIn(await this.parts(tenant, row, id));
    return document === null ? null : calibrationOf(id, document);
  }

  private async parts(tenant: TenantId, { places }: CalibrationsRow, id: string): Promise<readonly CalibrationPublished['data'][]> {
    const [from, to] = places[id] ?? [0, EMPTY];
    const parts: CalibrationPublished['data'][] = [];
    if (to < from) return parts;
    for await (const page of this.sources.store.read(calibrationStream(tenant), { from, to })) {
      // `places` names parts only.
      for (const { data } of known(this.sources.codec, page)) parts.push(data as CalibrationPublished['data']);
    }
    return parts;
  }
}

function documentIn(parts: readonly CalibrationPublished['data'][]): CalibrationDocument | null {
  const head = parts.at(-1)?.head ?? null;
  if (head === null) return null;
  return { ...head, skills: parts.flatMap(({ skills }) => skills), combinations: parts.flatMap(({ combinations }) => combinations), items: parts.flatMap(({ items }) => items) };
}

/** The parameters of a document, ready to fold and predict with. */
export function calibrationOf(id: string, { report: _, placement, skills, combinations, items, ...head }: CalibrationDocument): Calibration {
  return {
    id,
    ...head,
    placement: placement === null ? null : { ...placement, mean: Float64Array.from(placement.mean), sd: Float64Array.from(placement.sd), weights: Float64Array.from(placement.weights) },
    skills: new Map(skills.map(({ skill, ...bkt }): [string, BktParameters] => [skill, bkt])),
    skillsEasiness: new Map(combinations.map(({ skills: of, easiness }): [string, number] => [combinationKey(of), easiness])),
    itemEasiness: new Map(items.map(({ item, easiness }): [string, number] => [item, easiness])),
  };
}
