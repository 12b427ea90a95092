import { BlockList, isIP } from 'node:net';
import type { AddressKind } from '../core/allowed.ts';
import type { Resolve } from '../ports.ts';

type Subnet = readonly [address: string, prefix: number];

const v4: Record<Exclude<AddressKind, 'public'>, readonly Subnet[]> = {
  loopback: [['127.0.0.0', 8]],
  private: [
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    // Shared by the customers of a provider, and by virtual private networks.
    ['100.64.0.0', 10],
  ],
  never: [
    ['0.0.0.0', 8],
    ['169.254.0.0', 16],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 3],
  ],
};

const v6: typeof v4 = {
  loopback: [['::1', 128]],
  private: [['fc00::', 7]],
  never: [
    ['::', 128],
    ['fe80::', 10],
    ['fec0::', 10],
    ['ff00::', 8],
    ['100::', 64],
    ['2001:db8::', 32],
    // Tunnels that carry an IPv4 address inside, which nobody would look at.
    ['2001::', 32],
    ['2002::', 16],
  ],
};

function listOf(kind: keyof typeof v4): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of v6[kind]) list.addSubnet(address, prefix, 'ipv6');
  // An IPv4 address inside an IPv6 one (::ffff:0:0/96) is found by BlockList itself; one that goes
  // through a translator (NAT64) is not.
  for (const [address, prefix] of v4[kind]) {
    list.addSubnet(address, prefix, 'ipv4');
    list.addSubnet(`64:ff9b::${address}`, 96 + prefix, 'ipv6');
  }
  return list;
}

let made: readonly (readonly [keyof typeof v4, BlockList])[] | null = null;
const lists = (): NonNullable<typeof made> =>
  (made ??= (['never', 'loopback', 'private'] as const).map((kind) => [kind, listOf(kind)]));

/** What an address is for. Source: IANA's registries of special-purpose addresses. */
export function kindOf(address: string, family: 4 | 6): AddressKind {
  const plain = address.split('%')[0] ?? address;
  const found = lists().find(([, list]) => list.check(plain, family === 4 ? 'ipv4' : 'ipv6'));
  return found?.[0] ?? 'public';
}

export const systemResolve: Resolve = async (hostname) => {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  const found = isIP(bare) === 0 ? await lookedUp(bare) : [literal(bare)];
  return found.map(({ address, family }) => {
    const known = family === 6 ? 6 : 4;
    return { address, family: known, kind: kindOf(address, known) };
  });
};

async function lookedUp(name: string): Promise<{ address: string; family: number }[]> {
  const { lookup } = await import('node:dns/promises');
  return lookup(name, { all: true });
}

/** Node looks an address up nowhere, so nothing else would judge it. */
const literal = (address: string) => ({ address, family: isIP(address) });
