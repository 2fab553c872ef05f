// All the rules of one kind of stream, as pure functions.

export interface DomainEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

/** A refusal is an answer, not a fault: the command was understood and the rules say no. */
export interface Refusal<Code extends string = string> {
  readonly refused: Code;
  /** For people: what was found and what would be right. */
  readonly detail?: string;
}

export interface Decider<Command, State, Event extends DomainEvent, Code extends string = string> {
  readonly initial: State;
  /** A stream may hold events that these rules do not know: they are passed over. */
  readonly evolve: (state: State, event: DomainEvent) => State;
  /** `[]` means "already so". */
  readonly decide: (command: Command, state: State) => readonly Event[] | Refusal<Code>;
}

export function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'refused' in answer;
}
