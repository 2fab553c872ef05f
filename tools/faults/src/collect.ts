// All of some pages at once.

export async function collect<One>(pages: AsyncIterable<readonly One[]>): Promise<One[]> {
  const all: One[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
