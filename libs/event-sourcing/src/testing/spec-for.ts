// given / when / then for deciders.
import { isRefusal, type Decider, type DomainEvent } from '../decider.js';

interface When<Command, Event, Code> {
  when(command: Command): {
    then(...expected: readonly Event[]): void;
    thenNothing(): void;
    thenRefused(code: Code): void;
  };
}

export function specFor<Command, State, Event extends DomainEvent, Code extends string>(
  decider: Decider<Command, State, Event, Code>,
): (...before: readonly Event[]) => When<Command, Event, Code> {
  return (...before) => ({
    when(command) {
      const answer = decider.decide(command, before.reduce(decider.evolve, decider.initial));
      return {
        then: (...expected) => expect(answer).toEqual(expected),
        thenNothing: () => expect(answer).toEqual([]),
        thenRefused: (code) => expect(isRefusal(answer) ? answer.refused : answer).toBe(code),
      };
    },
  });
}

/** The state after a series of commands, refused ones included (they change nothing). */
export function live<Command, State, Event extends DomainEvent, Code extends string>(
  { initial, evolve, decide }: Decider<Command, State, Event, Code>,
  commands: readonly Command[],
): State {
  return commands.reduce((state, command) => {
    const answer = decide(command, state);
    return isRefusal(answer) ? state : answer.reduce(evolve, state);
  }, initial);
}
