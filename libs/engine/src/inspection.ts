// A data folder for those who look whether it is sound: its log and index, and its rows as what the views of this engine make of them.
import { openInspection, type Inspection } from '@trellis/embedded';
import { streamOf, type Projection, type Sources } from '@trellis/event-sourcing';
import { trellisCodec } from '@trellis/learning';
import { Calibrations, calibrationView, classroomView, courseView, learnerView } from '@trellis/views';
import { verifyRows, type RowVerification } from './row-verification.js';

export interface DataInspection extends Omit<Inspection, 'read'> {
  /** Only for a log without problems up to its end at this position. Null where the index has to be built before. */
  verifyRows(position: number, how: Pick<RowVerification, 'signal' | 'watch'>): Promise<RowsOfViews | null>;
}

/** Of all views that have rows. */
export interface RowsOfViews {
  readonly rows: number;
  /** Streams whose row is not what their events make of it; the first hundred of each view. */
  readonly wrong: readonly string[];
  readonly wrongTotal: number;
}

/** Throws where there is no log. A folder that another process holds is looked at beside it. */
export async function inspectData(dataDir: string): Promise<DataInspection> {
  const inspection = await openInspection(dataDir);
  return {
    ...inspection,
    async verifyRows(position, how) {
      const read = await inspection.read(position);
      if (read === null) return null;
      const sources: Sources = { ...read, codec: trellisCodec() };
      const verify = async <State>(projection: Projection<State>): Promise<RowsOfViews> => {
        if (!(await hasRows(sources, projection.name))) return { rows: 0, wrong: [], wrongTotal: 0 };
        const verified = await verifyRows(sources, projection, { ...how, isMoving: inspection.isBesideWriter });
        return { ...verified, wrong: verified.wrong.map((key) => streamOf(projection, key)) };
      };
      const calibrations = new Calibrations(sources);
      await calibrations.open();
      const views = [await verify(learnerView((tenant) => calibrations.current(tenant))), await verify(courseView), await verify(classroomView), await verify(calibrationView)];
      const sum = (count: (view: RowsOfViews) => number): number => views.reduce((total, view) => total + count(view), 0);
      return { rows: sum(({ rows }) => rows), wrong: views.flatMap(({ wrong }) => wrong), wrongTotal: sum(({ wrongTotal }) => wrongTotal) };
    },
  };
}

async function hasRows({ views }: Sources, name: string): Promise<boolean> {
  if ((await views.checkpoint({ name })) !== null) return true;
  for await (const page of views.scan({ name })) if (page.length > 0) return true;
  return false;
}
