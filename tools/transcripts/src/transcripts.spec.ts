// Each script runs once: what it shows is held against what its approach should do, and its page against the file.
import { readFile } from 'node:fs/promises';
import { blended, type Blended } from './blended.js';
import { differentiated, type Differentiated } from './differentiated.js';
import { fiveLearners, type FiveLearners } from './five-learners.js';
import { individualized, type Individualized } from './individualized.js';
import { personalized, type Personalized } from './personalized.js';
import { pageOf, textOf } from './scripts.js';
import type { Transcript } from './transcript.js';

/** A class of thirty through several lessons, over HTTP. */
const SCRIPT_MS_MAX = 300_000;

function shown<Seen>(script: () => Promise<Transcript<Seen>>): () => Transcript<Seen> {
  let transcript: Transcript<Seen> | undefined;
  beforeAll(async () => {
    transcript = await script();
  }, SCRIPT_MS_MAX);
  it('stands in docs as the command writes it (npm run transcripts)', async () => {
    expect(await readFile(pageOf(made().name), 'utf8')).toBe(textOf(made()));
  });
  const made = (): Transcript<Seen> => {
    if (transcript === undefined) throw new Error('the script did not run');
    return transcript;
  };
  return made;
}

describe('differentiated', () => {
  const made = shown<Differentiated>(differentiated);

  it('has one objective for all', () => {
    expect(made().seen.aims).toEqual(['classroom: Rename, simplify and compare fractions']);
  });

  it('uses at least three variants of one skill, by readiness, interest and modality', () => {
    const { variants, tiers, fitted } = made().seen;
    expect(variants).toBeGreaterThanOrEqual(3);
    expect(tiers).toEqual(['core', 'extension', 'support']);
    expect(fitted).toEqual(expect.arrayContaining(['support-for-readiness', 'support-after-errors', 'extension-for-readiness', 'fits-interest', 'fits-modality']));
  });

  it('suggests groups with their reasons, and keeps a teacher\'s edit and explains it', () => {
    const { groups, groupReasons, editKept, editReason } = made().seen;
    expect(groups).toBeGreaterThanOrEqual(3);
    expect(groupReasons).toEqual(expect.arrayContaining(['group-shared-gap', 'group-mixed-readiness', 'group-interest', 'group-extension']));
    expect([editKept, editReason]).toEqual([true, 'kept-in-group']);
  });

  it('gives those who are ahead extension', () => {
    expect(made().seen.extension.length).toBeGreaterThan(0);
  });

  it('makes it easier and shorter after a reported mood', () => {
    const { before, after, isSaid } = made().seen.mood;
    expect([isSaid, after <= before / 2]).toEqual([true, true]);
  });
});

describe('individualized', () => {
  const made = shown<Individualized>(individualized);

  it('lets positions diverge', () => {
    const { positions } = made().seen;
    expect(Math.max(...positions) - Math.min(...positions)).toBeGreaterThanOrEqual(3);
  });

  it('lets nobody begin a skill with a hard prerequisite below the mark', () => {
    const { beginnings, tooEarly } = made().seen;
    expect([beginnings > 100, tooEarly]).toEqual([true, 0]);
  });

  it('flags the one who is stuck, with help as the pace', () => {
    expect(made().seen.stuckFlagged).toContain('Gia');
    expect(made().seen.helped).toBe(true);
  });

  it('ends a unit in a check that certifies', () => {
    expect(made().seen.certified).toBeGreaterThan(10);
  });
});

describe('personalized', () => {
  const made = shown<Personalized>(personalized);

  it('goes by the learners\' own goals', () => {
    const { goals } = made().seen;
    expect([goals.length, goals.every((each) => each.startsWith('goals: '))]).toEqual([3, true]);
  });

  it('offers at least three options that differ in skill or modality', () => {
    const { offers, fewestDiffering } = made().seen;
    expect([offers > 100, fewestDiffering]).toEqual([true, 3]);
  });

  it('offers something else after "not now" and "too hard"', () => {
    const { notNow, tooHard } = made().seen;
    expect(notNow.after).not.toEqual(notNow.before);
    expect(notNow.after[0]).not.toBe(notNow.before[0]);
    expect(tooHard.after).not.toContain(tooHard.before[0]);
    expect(tooHard.isSaid).toBe(true);
  });

  it('assesses when it is asked to, and sets self-assessment against evidence', () => {
    expect(made().seen.certified).toBeGreaterThan(0);
    expect(made().seen.selfAssessed).toEqual(['surer', 'less-sure']);
  });

  it('begins with a diagnostic that concludes for everybody', () => {
    expect(made().seen.placed).toBe(30);
  });
});

describe('blended', () => {
  const made = shown<Blended>(blended);

  it('switches at the phase: one objective for all before, own goals and a choice after', () => {
    const { before, after, aims, phases } = made().seen;
    expect([before, after]).toEqual([[expect.stringMatching(/^blended\/differentiated-\d+, next$/)], [expect.stringMatching(/^blended\/personalized-\d+, options$/)]]);
    expect(aims.before).toEqual(['classroom: Say what a fraction is and find it on the number line']);
    expect(aims.after.every((each) => each.startsWith('goals: '))).toBe(true);
    expect(phases).toEqual(['whole-class', 'follow-up']);
  });
});

describe('five learners', () => {
  const made = shown<FiveLearners>(fiveLearners);

  it.each([
    // learner               pace or reason that must be among the ten       and one that must not
    ['stuck',                'help',      'stuck',                            'advance'],
    ['random',               'rest',      'rushing',                          'advance'],
    ['knows-everything',     'assess',    'ready-for-check',                  'help'],
    ['nothing-reachable',    'rest',      'all-excluded',                     'advance'],
    ['back-after-a-year',    'review',    'review-due',                       'help'],
  ])('%s: the pace is %s, because of %s', (learner, action, reason, not) => {
    const { actions, reasons } = made().seen;
    expect(actions[learner]).toContain(action);
    expect(reasons[learner]).toContain(reason);
    expect(actions[learner]).not.toContain(not);
  });
});
