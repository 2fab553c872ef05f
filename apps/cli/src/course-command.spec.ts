import { ALGEBRA, place, removeFolders } from './testing.js';

afterAll(removeFolders);

describe('publishing a course', () => {
  it('makes a version, and nothing when the same content comes again', async () => {
    const at = place();
    at.file('algebra.json', JSON.stringify(ALGEBRA));
    expect((await at.trellis(['course', 'publish', 'algebra.json', '--json'])).json()).toEqual({ course: 'algebra', version: 1, skills: 2, items: 4, seconds: expect.any(Number), changed: true });
    expect((await at.trellis(['course', 'publish', 'algebra.json', '--json'])).json()).toMatchObject({ version: 1, changed: false });
    at.file('algebra.json', JSON.stringify({ ...ALGEBRA, title: 'Algebra I' }));
    const { out } = await at.trellis(['course', 'publish', 'algebra.json']);
    expect(out).toMatch(/^algebra version 2 \(2 skills, 4 items\) published, .* s\n$/);
  });

  it('takes the name of the file for its id, of the folder for course.json, or what is said', async () => {
    const at = place();
    const { mkdirSync } = await import('node:fs');
    mkdirSync(`${at.cwd}/geometry`);
    at.file('geometry/course.json', JSON.stringify({ ...ALGEBRA, items: [{ id: 'g1', skills: ['sums'], kind: 'practice' }] }));
    expect((await at.trellis(['course', 'publish', 'geometry/course.json', '--json'])).json()).toMatchObject({ course: 'geometry' });
    at.file('x.json.gz', `\ufeff${JSON.stringify(ALGEBRA)}`, 'gzip');
    expect((await at.trellis(['course', 'publish', 'x.json.gz', '--id', 'y', '--json'])).json()).toMatchObject({ course: 'y' });
  });

  const [sums, products] = ALGEBRA.skills;
  it.each([
    ['a cycle', { ...ALGEBRA, skills: [{ ...sums, prerequisites: [{ skill: 'products', strength: 'soft' }] }, products] }, 'is a cycle of prerequisites'],
    ['a skill that is not there', { ...ALGEBRA, items: [{ id: 'q1', skills: ['powers'], kind: 'practice' }] }, 'items[0].skills[0]: "powers" is not among the course\'s skills'],
    ['an item without skills', { ...ALGEBRA, items: [{ id: 'q1', skills: [], kind: 'practice' }] }, 'item "q1" names no skill'],
    ['no skills', { ...ALGEBRA, skills: [] }, 'skills: the list is empty'],
    ['no items', { ...ALGEBRA, items: [] }, 'items: the list is empty'],
    ['a field that nobody knows', { ...ALGEBRA, author: 'me' }, 'author is not known'],
    ['no language', { ...ALGEBRA, language: undefined }, 'language is missing'],
  ])('names what is wrong with %s', async (_what, content, why) => {
    const at = place();
    at.file('algebra.json', JSON.stringify(content));
    const ran = await at.trellis(['course', 'publish', 'algebra.json']);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain(why);
    expect(ran.err).toMatch(/^trellis: [^\n]*\n$/);
  });

  it.each([
    [1, ['none.json'], 'none.json does not exist'],
    [1, ['broken.json'], 'broken.json is not valid JSON'],
    [1, ['empty.json'], 'empty.json is empty'],
    [2, [], 'name either a course file or --q-matrix'],
    [2, ['broken.json', '--q-matrix', 'links.csv'], 'name either a course file or --q-matrix'],
    [2, ['broken.json', '--title', 'x'], '--title goes with --q-matrix'],
    [2, ['broken.json', '--id', 'a b'], 'the course\'s id is "a b"'],
    [2, ['--q-matrix', 'links.csv'], '--id is missing'],
    [2, ['--q-matrix', 'links.csv', '--id', 'x', '--map', 'thing=item'], '--map has "thing=item"'],
    [1, ['--q-matrix', 'links.csv', '--id', 'x'], 'links.csv has no column "item_id"; its columns are "item", "skill"'],
    [1, ['--q-matrix', 'links.csv', '--id', 'x', '--map', 'item=item,skill=skill'], 'links.csv, line 3: skill is ""'],
  ])('exits with %i: %j: %s', async (code, words, why) => {
    const at = place();
    at.file('broken.json', '{"title":');
    at.file('empty.json', '');
    at.file('links.csv', 'item,skill\nq1,sums\nq2,\n');
    const ran = await at.trellis(['course', 'publish', ...words]);
    expect(ran).toMatchObject({ code, out: '' });
    expect(ran.err).toContain(why);
  });
});

describe('a table of item-to-skill links', () => {
  it('becomes a course with the ids of the file', async () => {
    const at = place();
    at.file('q.tsv.gz', 'item_id\tskill_id\n10\t2\n9\t2\n9\t10\n9\t2\n', 'gzip');
    expect((await at.trellis(['course', 'publish', '--q-matrix', 'q.tsv.gz', '--id', 'links', '--json'])).json()).toMatchObject({ course: 'links', version: 1, skills: 2, items: 2 });
    const content = await at.look(({ catalogue }) => Promise.resolve(catalogue.coursesOf('default' as Parameters<typeof catalogue.coursesOf>[0])[0]?.content));
    expect(content).toEqual({
      title: 'links', language: 'und', objectives: [],
      skills: [{ id: '2', title: '2', prerequisites: [] }, { id: '10', title: '10', prerequisites: [] }],
      items: [{ id: '9', skills: ['2', '10'], kind: 'practice' }, { id: '10', skills: ['2'], kind: 'practice' }],
    });
  });

  it('is the same course whatever the order of its lines, and has other columns if they are named', async () => {
    const at = place();
    at.file('a.csv', 'item_id,skill_id\na,s\nb,t\n');
    at.file('b.csv', 'tag,question\nt,b\ns,a\n');
    await at.trellis(['course', 'publish', '--q-matrix', 'a.csv', '--id', 'links']);
    expect((await at.trellis(['course', 'publish', '--q-matrix', 'b.csv', '--id', 'links', '--map', 'item=question,skill=tag', '--json'])).json()).toMatchObject({ version: 1, changed: false });
  });
});
