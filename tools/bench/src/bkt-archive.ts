// The same as `BktColumns`, from the columns of a file: of each row, whose it is, the skills and the score are read. Only answers have both
// skills and a score.
import { BatchReader, type Archive } from '@trellis/archive';
import { DEFAULT_CALIBRATION, traceUnknown } from '@trellis/mastery';

const { bkt } = DEFAULT_CALIBRATION;

export class BktArchive {
  /** P(not known) of every learner's skills, in the order in which the file has them. */
  readonly unknown: Float64Array;
  private readonly reader: BatchReader;

  constructor(private readonly archive: Archive) {
    this.unknown = new Float64Array(archive.words('learner').length * archive.words('skills').length);
    this.reader = new BatchReader(archive, ['learner', 'score', 'skills']);
  }

  /** Reads the file anew. */
  fold(): number {
    const { archive, reader, unknown } = this;
    const skills = archive.words('skills').length;
    const [learner, score, skill] = [reader.values('learner'), reader.values('score'), reader.values('skills')];
    unknown.fill(1 - bkt.prior);
    for (let batch = 0; batch < archive.batches.length; batch++) {
      reader.load(batch);
      const [learners, scores, ends, numbers] = [learner.ints, score.doubles, skill.ends, skill.ints];
      const isGraded = score.validity.length === 0 && !score.isEmpty;
      let n = 0;
      for (let row = 0; row < reader.rows; row++) {
        const end = ends[row + 1] as number;
        if (!isGraded && !score.has(row)) n = end;
        const own = (learners[row] as number) * skills;
        for (; n < end; n++) {
          const at = own + (numbers[n] as number);
          unknown[at] = traceUnknown(unknown[at] as number, scores[row] as number, bkt);
        }
      }
    }
    return unknown.length;
  }
}
