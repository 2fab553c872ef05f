import { BUILT_IN_CALIBRATION, calibration, type CalibrationPublished, type CalibrationState } from './calibration.js';
import { calibrationDocument } from './testing/calibrations.js';

const { initial, evolve, decide } = calibration;

function after(state: CalibrationState, command: Parameters<typeof decide>[0]): CalibrationState {
  const events = decide(command, state);
  if ('refused' in events) throw new Error(events.detail);
  return events.reduce(evolve, state);
}

const publish = (seed: number, plan: Parameters<typeof calibrationDocument>[0] = {}): Parameters<typeof decide>[0] => ({ type: 'PublishCalibration', document: calibrationDocument({ seed, ...plan }), digest: `digest-${seed}` });
const activate = (id: string): Parameters<typeof decide>[0] => ({ type: 'ActivateCalibration', calibration: id });

describe('publishing', () => {
  it('numbers calibrations, and puts none of them in force', () => {
    const state = after(after(initial, publish(1)), publish(2));
    expect(state.published.map(({ id }) => id)).toEqual(['c1', 'c2']);
    expect(state.active).toBe(BUILT_IN_CALIBRATION);
  });

  it('publishes the same content once', () => {
    expect(decide(publish(1), after(initial, publish(1)))).toEqual([]);
  });

  it('keeps every event small, and nothing gets lost between the parts', () => {
    const items = Array.from({ length: 20_000 }, (_, n) => `item-${n}`);
    const events = decide(publish(1, { items }), initial) as readonly CalibrationPublished[];
    expect(events.length).toBeGreaterThan(10);
    for (const event of events) expect(JSON.stringify(event).length).toBeLessThan(90_000);
    expect(events.flatMap(({ data }) => data.items.map(({ item }) => item))).toEqual(items);
    expect(events.map(({ data }) => data.head !== null)).toEqual(events.map((_, at) => at === events.length - 1));
    expect(events.reduce(evolve, initial).published).toHaveLength(1);
  });

  it('counts one of which a part is missing as not published, and gives its number to no other', () => {
    const events = decide(publish(1, { items: Array.from({ length: 5_000 }, (_, n) => `item-${n}`) }), initial) as readonly CalibrationPublished[];
    const broken = events.filter((_, at) => at !== 1).reduce(evolve, initial);
    expect(broken.published).toEqual([]);
    expect(after(broken, publish(2)).published.map(({ id }) => id)).toEqual(['c2']);
  });
});

describe('activating', () => {
  const published = after(after(initial, publish(1)), publish(2));

  it('puts one in force, and rolls back to an earlier one or to the built-in one', () => {
    const second = after(published, activate('c2'));
    expect(second.active).toBe('c2');
    expect(after(second, activate('c1')).active).toBe('c1');
    expect(after(second, activate(BUILT_IN_CALIBRATION)).active).toBe(BUILT_IN_CALIBRATION);
    expect(decide(activate('c1'), second)).toEqual([{ type: 'CalibrationActivated', data: { calibration: 'c1', before: 'c2' } }]);
  });

  it('says nothing new of the one that is in force', () => {
    expect(decide(activate('c1'), after(published, activate('c1')))).toEqual([]);
  });

  it('refuses what was not published, and names what was', () => {
    expect(decide(activate('c9'), published)).toEqual({ refused: 'unknown-calibration', detail: 'calibration: "c9" is not published; name one of default-1, c1, c2' });
  });

  it('refuses a degenerate one, with what is wrong', () => {
    const flaws = [
      { model: 'bkt', subject: 'fractions', kind: 'few-answers', detail: 'only 3 answers; the pooled parameters stand in', blocks: false },
      { model: 'placement', subject: 'all', kind: 'worse', detail: 'log loss 0.61 against 0.55 of default-1', blocks: true },
    ];
    const state = after(initial, publish(3, { flaws }));
    expect(decide(activate('c1'), state)).toEqual({ refused: 'degenerate-calibration', detail: 'calibration: "c1" cannot go live: placement, all: log loss 0.61 against 0.55 of default-1' });
  });
});
