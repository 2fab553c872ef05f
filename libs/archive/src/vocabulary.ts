// Texts that repeat, by number.
export class Vocabulary {
  private readonly numbers = new Map<string, number>();
  private readonly known: string[] = [];

  get texts(): readonly string[] {
    return this.known;
  }

  numberOf(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.known.push(text) - 1;
      this.numbers.set(text, number);
    }
    return number;
  }
}
