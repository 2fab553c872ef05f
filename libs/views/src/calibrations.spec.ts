import { MemoryStore, MemoryViews, Projector, type EventId, type Instant } from '@trellis/event-sourcing';
import { calibration as rules, calibrationStream, eventSchema, trellisCodec, type CalibrationActivated, type CalibrationDocument, type CalibrationPublished, type TenantId } from '@trellis/learning';
import { calibrationDocument } from '@trellis/learning/testing';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { calibrationView } from './calibration-view.js';
import { Calibrations } from './calibrations.js';

const north = 'north' as TenantId;
const south = 'south' as TenantId;

interface World {
  readonly sources: { readonly store: MemoryStore; readonly views: MemoryViews; readonly codec: ReturnType<typeof trellisCodec> };
  publish(document: CalibrationDocument, tenant?: TenantId): Promise<void>;
  activate(calibration: string, at?: Instant): Promise<void>;
  open(): Promise<Calibrations>;
}

function world(): World {
  let now = 100;
  let events = 0;
  const sources = { store: new MemoryStore(() => now), views: new MemoryViews(), codec: trellisCodec() };
  const states = new Map<TenantId, typeof rules.initial>();
  const settle = async (tenant: TenantId, command: Parameters<typeof rules.decide>[0]): Promise<void> => {
    const state = states.get(tenant) ?? rules.initial;
    const made = rules.decide(command, state);
    if ('refused' in made) throw new Error(made.detail);
    states.set(tenant, made.reduce(rules.evolve, state));
    const encode = (event: CalibrationPublished | CalibrationActivated) => {
      const id = `00000000-0000-5000-8000-${(events++).toString(16).padStart(12, '0')}` as EventId;
      return sources.codec.encode(id, '0'.repeat(16), event, { source: 'spec', occurredAt: now, schema: eventSchema(event.type) });
    };
    await sources.store.append(calibrationStream(tenant), made.map(encode), 'any');
  };
  return {
    sources,
    publish: (document, tenant = north) => settle(tenant, { type: 'PublishCalibration', document, digest: JSON.stringify(document.bkt) }),
    async activate(calibration, at = now) {
      now = at;
      await settle(north, { type: 'ActivateCalibration', calibration });
    },
    async open() {
      const calibrations = new Calibrations(sources);
      await calibrations.open();
      return calibrations;
    },
  };
}

const skills = ['fractions', 'decimals'];
const items = Array.from({ length: 8_000 }, (_, n) => `item-${n}`);

/** The first reading of one calibration's parameters waits until it may go on. */
class SlowStore extends MemoryStore {
  private readonly begun = Promise.withResolvers<void>();
  private readonly waited = Promise.withResolvers<void>();
  private looks = 0;
  readonly reading = this.begun.promise;
  readonly goOn = (): void => this.waited.resolve();

  constructor(private readonly inner: MemoryStore) {
    super(() => 0);
  }

  override async *read(...asked: Parameters<MemoryStore['read']>): ReturnType<MemoryStore['read']> {
    // The row first, then the parameters.
    if (++this.looks === 2) {
      this.begun.resolve();
      await this.waited.promise;
    }
    yield* this.inner.read(...asked);
  }
}

it('is the built-in one where a tenant has activated none', async () => {
  const it = world();
  await it.publish(calibrationDocument({ seed: 1 }));
  expect((await it.open()).current(north)).toBe(DEFAULT_CALIBRATION);
});

it('comes back from its parts as it was published, to the last bit', async () => {
  const it = world();
  const document = calibrationDocument({ seed: 1, skills, items });
  await it.publish(document);
  await it.activate('c1');
  const calibrations = await it.open();
  const calibration = calibrations.current(north);
  expect(calibration.id).toBe('c1');
  expect([...calibration.itemEasiness]).toEqual(document.items.map(({ item, easiness }) => [item, easiness]));
  expect([...calibration.skills.keys()]).toEqual(skills);
  expect(calibration.skillsEasiness.get('fractions')).toBe(document.combinations[0]?.easiness);
  expect(Array.from(calibration.placement?.weights ?? [])).toEqual(document.placement?.weights);
  expect(calibrations.current(south)).toBe(DEFAULT_CALIBRATION);
});

it('is told when another one comes into force elsewhere', async () => {
  const it = world();
  const calibrations = await it.open();
  const heard: TenantId[] = [];
  calibrations.onActivation((tenant) => heard.push(tenant));
  await it.publish(calibrationDocument({ seed: 1 }));
  await calibrations.refresh(north);
  expect(heard).toEqual([]);
  await it.activate('c1');
  await calibrations.refresh(north);
  expect([heard, calibrations.current(north).id]).toEqual([[north], 'c1']);
});

it('is the newest also where two looks overtake each other', async () => {
  const it = world();
  for (const seed of [1, 2]) await it.publish(calibrationDocument({ seed }));
  await it.activate('c1');
  const slow = new SlowStore(it.sources.store);
  const calibrations = new Calibrations({ ...it.sources, store: slow });
  const first = calibrations.refresh(north);
  await slow.reading;
  await it.activate('c2');
  await calibrations.refresh(north);
  slow.goOn();
  await first;
  expect([calibrations.current(north).id, calibrations.list(north).state.active]).toEqual(['c2', 'c2']);
});

it('is found by its name however long ago it was in force, and by the moment', async () => {
  const it = world();
  for (const seed of [1, 2, 3, 4, 5, 6, 7]) await it.publish(calibrationDocument({ seed }));
  await it.activate('c1', 1_000);
  await it.activate('c2', 2_000);
  await it.activate('default-1', 3_000);
  const calibrations = await it.open();
  expect((await Promise.all([1, 2, 3, 4, 5, 6, 7].map((n) => calibrations.byId(north, `c${n}`)))).map((known) => known?.id)).toEqual(['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7']);
  expect(await calibrations.byId(north, 'c8')).toBeNull();
  expect(await calibrations.byId(south, 'c1')).toBeNull();
  const at = (ms: Instant): Promise<string> => calibrations.at(north, ms).then(({ id }) => id);
  expect(await Promise.all([999, 1_000, 1_999, 2_000, 2_999, 3_000, 9_000].map(at))).toEqual(['default-1', 'c1', 'c1', 'c2', 'c2', 'default-1', 'default-1']);
});

it('is the same from rows as from the log', async () => {
  const it = world();
  await it.publish(calibrationDocument({ seed: 1, skills }));
  await it.activate('c1');
  const fromLog = (await it.open()).list(north);
  await new Projector(it.sources, calibrationView).catchUp(new AbortController().signal);
  await it.publish(calibrationDocument({ seed: 2 }), south);
  const calibrations = await it.open();
  expect(calibrations.list(north)).toEqual(fromLog);
  expect(calibrations.list(south).state.published.map(({ id }) => id)).toEqual(['c1']);
  expect((await calibrations.document(north, 'c1'))?.report.card).toBe('# Model card\n');
});
