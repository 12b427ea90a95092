import type { JsonObject } from '#schema/envelope/json.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import type { HttpServer, Isolation, ServerTransport, StdioServer } from '#schema/views/server.ts';
import { allowedBy, type AllowedOrigin } from '#host/egress/core/allowed.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { Isolator, ResolveProgram } from './ports.ts';

export interface NewServerParts {
  isolator: Isolator;
  resolveProgram: ResolveProgram;
  /** Takes secrets out of text. */
  redact(data: JsonObject): { contains_secrets: boolean };
}

/** What somebody says yes to with a server: what would be started or asked, and what keeps it from the rest. */
export interface NewServer {
  executable: string | null;
  isolation: Isolation;
  /** For the card, beside the arguments. */
  shown: Pick<ActionCall, 'argv' | 'executable' | 'cwd' | 'env_names' | 'url'>;
}

/** Where Hob may connect to for a server. Throws `invalid_payload` where nobody may. */
export function originOf({ url, private_network }: HttpServer): AllowedOrigin {
  const judged = URL.canParse(url)
    ? allowedBy(new URL(url), private_network)
    : { problem: 'it is no address' };
  if ('problem' in judged)
    throw new HobError('invalid_payload', {
      message: `This address is not taken: ${judged.problem}.`,
    });
  return judged.allowed;
}

/** Looks at a server that somebody wants to have; starts and asks nothing. Throws HobError. */
export async function describeServer(
  transport: ServerTransport,
  parts: NewServerParts,
): Promise<NewServer> {
  checkSecrets(transport, parts);
  return transport.kind === 'http' ? remote(transport) : program(transport, parts);
}

async function program(stdio: StdioServer, parts: NewServerParts): Promise<NewServer> {
  const { argv, cwd, env_names, variables, secrets = [] } = stdio;
  const executable = await parts.resolveProgram(argv[0] ?? '', cwd ?? '/');
  const names = [...env_names, ...[...variables, ...secrets].map(({ env }) => env)];
  return {
    executable,
    isolation: await parts.isolator.plan(stdio, executable),
    shown: {
      argv,
      executable,
      ...(cwd === undefined ? {} : { cwd }),
      ...(names.length === 0 ? {} : { env_names: names }),
    },
  };
}

const whereItIs: Record<AllowedOrigin['reach'], string> = {
  public: 'on the internet',
  private: 'in a private network',
  loopback: 'on this machine, started by somebody else',
};

function remote(http: HttpServer): NewServer {
  const { origin, reach } = originOf(http);
  const login =
    http.bearer_from === undefined ? '' : ` Hob logs in with the secret "${http.bearer_from}".`;
  const words = `It runs ${whereItIs[reach]}, so Hob cannot isolate it. It gets what each call sends to it; for it Hob connects to ${origin} and to nothing else; where it wants you to sign in elsewhere, another card asks.${login}`;
  return { executable: null, isolation: { level: 'remote', words }, shown: { url: http.url } };
}

function checkSecrets(transport: ServerTransport, { redact }: NewServerParts): void {
  const said: JsonObject =
    transport.kind === 'http'
      ? { url: transport.url }
      : {
          argv: transport.argv,
          cwd: transport.cwd ?? '',
          reads: transport.reads,
          writes: transport.writes,
          variables: transport.variables,
        };
  if (redact(said).contains_secrets)
    throw new HobError('invalid_payload', {
      message:
        'There is a secret on the command line, in the address or among the variables, where it would be kept and shown. Keep it in the vault (hob secret set NAME) and name it there.',
    });
}
