// @ts-check
// Takes out of a native file what only a debugger reads: a tenth of what is shipped.

const ELF_MAGIC = 0x7f454c46;
const WASM_MAGIC = 0x0061736d;
/** Where a 64-bit ELF file says what, in bytes: in its header, in that of a segment and in that of a section. */
const elf = { class64: 2, littleEndian: 1, header: 64, names: 62 };
const segment = { at: 32, size: 54, count: 56, offset: 8, length: 32 };
const section = { at: 40, size: 58, count: 60, offset: 24, length: 32, flags: 8, kind: 4 };
/** A section that is in memory while the library runs; and the kind that takes no room in the file. */
const ALLOCATED = 2n;
const NO_BITS = 8;
const CUSTOM_SECTION = 0;

/**
 * The same file without symbols and debugging sections, if it is a WebAssembly module or a 64-bit ELF library;
 * any other as it is.
 * @param {Uint8Array} bytes
 * @returns {Uint8Array}
 */
export function withoutDebugging(bytes) {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < elf.header) return bytes;
  const magic = view.readUInt32BE(0);
  if (magic === WASM_MAGIC) return withoutCustomSections(view);
  const readable = view[4] === elf.class64 && view[5] === elf.littleEndian;
  return magic === ELF_MAGIC && readable ? withoutSections(view) : bytes;
}

/**
 * Custom sections of a module hold names and DWARF; nothing that runs reads them.
 * @param {Buffer} module
 */
function withoutCustomSections(module) {
  const kept = [module.subarray(0, 8)];
  for (let at = 8; at < module.length;) {
    const [size, start] = leb128(module, at + 1);
    if (module[at] !== CUSTOM_SECTION) kept.push(module.subarray(at, start + size));
    at = start + size;
  }
  return Buffer.concat(kept);
}

/**
 * An unsigned number of a WebAssembly module, and where it ends.
 * @param {Buffer} bytes
 * @param {number} from
 * @returns {[number, number]}
 */
function leb128(bytes, from) {
  let value = 0;
  let at = from;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes.readUInt8(at++);
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
}

/**
 * A library is loaded by its segments. Sections that are in none of them are symbols and the like, for linkers and
 * debuggers; where one lies between segments it becomes zeros, which the package stores as nothing.
 * @param {Buffer} library
 */
function withoutSections(library) {
  const out = Buffer.from(library);
  for (const at of headers(library, section)) {
    const needed = (library.readBigUInt64LE(at + section.flags) & ALLOCATED) !== 0n;
    if (needed || library.readUInt32LE(at + section.kind) === NO_BITS) continue;
    const [from, to] = range(library, at, section);
    out.fill(0, from, to);
  }
  out.writeBigUInt64LE(0n, section.at);
  for (const field of [section.count, elf.names]) out.writeUInt16LE(0, field);
  const ends = headers(library, segment).map((at) => range(library, at, segment)[1]);
  return out.subarray(0, Math.max(elf.header, ...ends));
}

/**
 * @param {Buffer} library
 * @param {typeof segment} kind
 */
function headers(library, kind) {
  const first = Number(library.readBigUInt64LE(kind.at));
  const size = library.readUInt16LE(kind.size);
  return Array.from(
    { length: library.readUInt16LE(kind.count) },
    (_, index) => first + index * size,
  );
}

/**
 * @param {Buffer} library
 * @param {number} at
 * @param {typeof segment} kind
 * @returns {[number, number]}
 */
function range(library, at, kind) {
  const from = Number(library.readBigUInt64LE(at + kind.offset));
  return [from, from + Number(library.readBigUInt64LE(at + kind.length))];
}
