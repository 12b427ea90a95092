import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FLOAT, Graph, INT64, readModel } from './onnx.mjs';

describe('a model in ONNX', () => {
  const graph = new Graph();
  const x = graph.input('x', FLOAT, [1, 'length']);
  const weight = graph.constant(FLOAT, [2, 2], Float32Array.of(1, -2, 3, 0.5));
  const sum = graph.add('Add', [graph.add('MatMul', [x, weight]), graph.floats(300)]);
  graph.output('y', graph.add('ms.FusedMatMul', [sum, x], { alpha: { float: 0.5 } }), [1, 2]);
  const bytes = graph.bytes();

  it('is read as it was written', () => {
    const { weights, nodes } = readModel(bytes);
    const [matrix, bias] = [...weights.values()];
    assert.deepEqual(matrix?.dims, [2, 2]);
    assert.deepEqual(
      [...new Float32Array(Uint8Array.from(matrix?.bytes ?? []).buffer)],
      [1, -2, 3, 0.5],
    );
    assert.deepEqual(bias?.dims, []);
    assert.deepEqual(
      nodes.map(({ op }) => op),
      ['MatMul', 'Add', 'FusedMatMul', 'Identity'],
    );
    assert.deepEqual(nodes[0]?.inputs, ['x', weight]);
    assert.deepEqual(nodes[1]?.inputs[0], nodes[0]?.outputs[0]);
  });

  it('has numbers longer than a byte, and what counts from the end', () => {
    const long = new Graph();
    long.constant(INT64, [1000], new BigInt64Array(1000));
    long.add('Concat', ['a', 'b'], { axis: -1 });
    const [tensor] = readModel(long.bytes()).weights.values();
    assert.deepEqual(tensor?.dims, [1000]);
    assert.equal(tensor?.bytes.length, 8000);
  });

  it('is refused where it ends in the middle', () => {
    assert.throws(() => readModel(bytes.subarray(0, 40)), /not a model/);
  });
});
