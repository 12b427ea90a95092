import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Adaptation, byColumns, byRows } from './adaptation.mjs';

/** As safetensors: A of 2 × 1 and B of 1 × 3 in eight bits, and a vector. */
function learned(): Adaptation {
  const scales = Float32Array.of(0.5, 2);
  const added = Float32Array.of(0.25, -1);
  const contents = {
    '/m.A': { dtype: 'I8', shape: [2, 1], data_offsets: [0, 2] },
    '/m.B': { dtype: 'I8', shape: [1, 3], data_offsets: [2, 5] },
    '/m.A.scale': { dtype: 'F32', shape: [1], data_offsets: [5, 9] },
    '/m.B.scale': { dtype: 'F32', shape: [1], data_offsets: [9, 13] },
    '/v': { dtype: 'F32', shape: [2], data_offsets: [13, 21] },
  };
  const head = Buffer.from(JSON.stringify(contents));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  const factors = new Uint8Array(Int8Array.of(2, -4, 1, 0, -3).buffer);
  return new Adaptation(
    Buffer.concat([
      length,
      head,
      factors,
      new Uint8Array(scales.buffer),
      new Uint8Array(added.buffer),
    ]),
  );
}

describe('what a model learned since it was published', () => {
  it('[V-39] is added to a matrix as the product of two thin ones', () => {
    const sum = learned().matrix('/m', Float32Array.of(1, 1, 1, 10, 10, 10));
    assert.deepEqual([...sum], [3, 1, -5, 6, 10, 22]);
  });

  it('[V-39] is added to a vector', () => {
    assert.deepEqual([...learned().vector('/v', Float32Array.of(1, 1))], [1.25, 0]);
  });

  it('is refused where it is of another model', () => {
    assert.throws(() => learned().matrix('/m', new Float32Array(4)), /does not fit/);
    assert.throws(() => learned().matrix('/n', new Float32Array(6)), /has no \/n/);
    assert.throws(() => learned().vector('/v', new Float32Array(3)), /does not fit/);
  });

  it('is kept in eight bits to half a step of its column or row', () => {
    const values = Float32Array.from(
      { length: 600 },
      (_, at) => Math.sin(at) * (1 + (at % 3) * 100),
    );
    for (const [made, groupOf] of [
      [byColumns(values, 3), (at: number) => at % 3],
      [byRows(values, 3), (at: number) => Math.floor(at / 200)],
    ] as const)
      for (const [at, value] of values.entries()) {
        const scale = made.scales[groupOf(at)] ?? 0;
        const meant = ((made.bits[at] ?? 0) - (made.zeros[groupOf(at)] ?? 0)) * scale;
        assert.ok(Math.abs(meant - value) <= 0.51 * scale, `${meant} for ${value}`);
      }
  });
});
