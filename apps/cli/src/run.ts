// From the words of a command line to an exit code: 0 success, 1 failure, 2 wrong usage, 130 interrupted.
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { addCommands } from './commands.js';
import { told } from './failure.js';
import { EXIT, type Io, type Outcome } from './io.js';

export async function run(argv: readonly string[], io: Io): Promise<number> {
  let outcome: Outcome | null = null;
  const isJson = argv.includes('--json');
  const program = new Command('trellis')
    .description('Event-sourced adaptive learning: import what students did, see what they have mastered, ask what next.')
    .version(version())
    .showSuggestionAfterError()
    .helpCommand(false);
  addCommands(program, io, (made) => (outcome = made));
  settle(program, io);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return outcome === null ? 0 : print(outcome, isJson, io);
  } catch (error) {
    // Commander has said it already, or has shown the help that was asked for.
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      if (isJson) io.stdout.write(`${JSON.stringify({ error: error.message.replace(/^error: /, '') })}\n`);
      return EXIT.usage;
    }
    return complain(error, isJson, io);
  }
}

/** Every command throws instead of leaving, and writes where the caller wants it. */
function settle(command: Command, io: Io): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => void io.stdout.write(text),
    writeErr: (text) => void io.stderr.write(text),
    outputError: (text, write) => write(`trellis: ${text.replace(/^error: /, '')}`),
  });
  for (const child of command.commands) settle(child, io);
}

function print({ json, text, exitCode = 0 }: Outcome, isJson: boolean, { stdout }: Io): number {
  stdout.write(`${isJson ? JSON.stringify(json) : text}\n`);
  return exitCode;
}

function complain(error: unknown, isJson: boolean, { stdout, stderr, env }: Io): number {
  const { sentence, exitCode, isUnknown } = told(error);
  const wantsStack = env['TRELLIS_LOG_LEVEL'] === 'debug' || env['TRELLIS_LOG_LEVEL'] === 'trace';
  const hint = isUnknown && !wantsStack ? ' (TRELLIS_LOG_LEVEL=debug shows where)' : '';
  stderr.write(`trellis: ${sentence}${hint}.\n`);
  if (wantsStack) stderr.write(`${inspect(error)}\n`);
  if (isJson) stdout.write(`${JSON.stringify({ error: sentence })}\n`);
  return exitCode;
}

function version(): string {
  const { version: text } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }; // our own
  return text;
}
