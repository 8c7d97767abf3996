import * as d3 from 'd3';
import * as THREE from 'three';
import { describe, expect, test, vi } from 'vitest';
import { MappedArray } from '../arrays/arrays.ts';
import { freshMemory, reopen } from '../testing/memories.ts';
import type { Codec } from '../values/values.ts';
import { dataAndShape, hierarchies, interned, response, three, web } from './codecs.ts';

const captures = () => ({});

/** The value as a later page gets it; fails where it was not stored. */
async function throughStorage<T>(value: T, codecs: readonly Codec[]): Promise<T> {
  const { memory, events } = freshMemory({ codecs });
  const run = vi.fn(() => value);
  await memory.cache(run, { id: 'value', captures })();
  await memory.flush();
  expect(events.filter(({ kind }) => kind === 'skip')).toEqual([]);
  const found = await reopen(memory, { codecs }).memory.cache(run, { id: 'value', captures })();
  expect(run).toHaveBeenCalledTimes(1);
  return found as T; // it was stored as one
}

/** How often it is computed for these arguments, each made anew. */
async function computations(makers: readonly (() => unknown)[], codecs: readonly Codec[]): Promise<number> {
  const { memory } = freshMemory({ codecs });
  const run = vi.fn((_: unknown) => 1);
  const cached = memory.cache(run, { id: 'count', captures });
  for (const make of makers) await cached(await make());
  return run.mock.calls.length;
}

describe('three()', () => {
  const codecs = [three(THREE)];
  const { Vector3 } = THREE;

  const maths: readonly [string, object][] = [
    ['Vector2', new THREE.Vector2(1, -0)],
    ['Vector4', new THREE.Vector4(1, 2, 3, 4)],
    ['Quaternion', new THREE.Quaternion(0.1, 0.2, 0.3, 0.4)],
    ['Euler', new THREE.Euler(1, 2, 3, 'ZXY')],
    ['Color', new THREE.Color(1.5, 0, 0.25)],
    ['Matrix3', new THREE.Matrix3().set(1, 2, 3, 4, 5, 6, 7, 8, 9)],
    ['Matrix4', new THREE.Matrix4().makeScale(1, 2, 3)],
    ['Box2', new THREE.Box2(new THREE.Vector2(0, 1), new THREE.Vector2(2, 3))],
    ['Box3', new THREE.Box3()],
    ['Sphere', new THREE.Sphere(new Vector3(1, 2, 3), 4)],
    ['Plane', new THREE.Plane(new Vector3(0, 1, 0), -2)],
    ['Ray', new THREE.Ray(new Vector3(1, 2, 3), new Vector3(0, 0, 1))],
    ['Line3', new THREE.Line3(new Vector3(1, 2, 3), new Vector3(0, 0, 1))],
    ['Triangle', new THREE.Triangle(new Vector3(1, 2, 3), new Vector3(0, 0, 1), new Vector3())],
    ['Spherical', new THREE.Spherical(1, 2, 3)],
    ['Cylindrical', new THREE.Cylindrical(1, 2, 3)],
    ['Frustum', new THREE.Frustum().setFromProjectionMatrix(new THREE.PerspectiveCamera().projectionMatrix)],
  ];

  test.each(maths)('%s comes back as it was', async (name, value) => {
    const found = await throughStorage(value, codecs);
    expect(found.constructor).toBe(Reflect.get(THREE, name));
    expect(found).toEqual(value);
    expect(await computations([() => value, () => structuredCloneOf(value)], codecs)).toBe(1);
  });

  const structuredCloneOf = (value: object): unknown => Reflect.get(value, 'clone').call(value);

  test('geometries keep their class, attributes, groups and morph targets', async () => {
    const sphere = new THREE.SphereGeometry(2, 5, 4);
    sphere.morphAttributes.position = [new THREE.Float32BufferAttribute([1, 2, 3], 3)];
    const points = new THREE.InstancedBufferGeometry();
    points.setAttribute(
      'offset',
      new THREE.InstancedBufferAttribute(new Float32Array([1, 2, 3]), 3, true, 2),
    );
    points.setAttribute('half', new THREE.Float16BufferAttribute([0, 1], 1).setX(0, 0.5));
    points.instanceCount = 7;
    const [one, other] = await throughStorage([sphere, points] as const, codecs);
    expect(one).toBeInstanceOf(THREE.SphereGeometry);
    expect(one.parameters).toEqual(sphere.parameters);
    expect(one.getAttribute('normal').array).toEqual(sphere.getAttribute('normal').array);
    expect(one.morphAttributes.position?.[0]?.getZ(0)).toBe(3);
    expect(other).toBeInstanceOf(THREE.InstancedBufferGeometry);
    expect(other.getAttribute('offset')).toMatchObject({
      meshPerAttribute: 2,
      normalized: true,
      itemSize: 3,
    });
    expect(other.getAttribute('half')).toBeInstanceOf(THREE.Float16BufferAttribute);
    expect(other.getAttribute('half').getX(0)).toBe(0.5);
    expect(other.instanceCount).toBe(7);
    expect(one.uuid).not.toBe(sphere.uuid);
  });

  test('attributes that share a buffer still do', async () => {
    const buffer = new THREE.InterleavedBuffer(new Float32Array([1, 2, 3, 4]), 2);
    const geometry = new THREE.BufferGeometry();
    geometry.setAttribute('a', new THREE.InterleavedBufferAttribute(buffer, 1, 0));
    geometry.setAttribute('b', new THREE.InterleavedBufferAttribute(buffer, 1, 1, true));
    const found = await throughStorage(geometry, codecs);
    const [a, b] = ['a', 'b'].map((name) => found.getAttribute(name));
    expect(a).toBeInstanceOf(THREE.InterleavedBufferAttribute);
    expect([a?.getX(1), b?.offset, b?.normalized]).toEqual([3, 1, true]);
    expect(a?.data).toBe(b?.data);
    expect(a?.data).toBeInstanceOf(THREE.InterleavedBuffer);
  });

  test('what was computed from a geometry, and what numbers it, does not count in arguments', async () => {
    const box = () => new THREE.BoxGeometry(1, 2, 3);
    const seen = () => {
      const geometry = box();
      geometry.computeBoundingSphere();
      geometry.computeBoundingBox();
      return geometry;
    };
    expect(await computations([box, box, seen], codecs)).toBe(1);
    expect(await computations([box, () => new THREE.BoxGeometry(1, 2, 4)], codecs)).toBe(2);
    expect(await computations([box, () => box().toNonIndexed()], codecs)).toBe(2);
  });

  test('classes with more to tell are none of it', async () => {
    class Tilted extends THREE.BoxGeometry {
      readonly tilt: number;
      constructor(tilt: number) {
        super();
        this.tilt = tilt;
      }
    }
    const tilted = await computations([() => new Tilted(1), () => new Tilted(2)], codecs).catch(() => 2); // or refused
    expect(tilted).toBe(2);
    class Named extends THREE.Vector3 {
      readonly label = 'up';
    }
    const value = new Named();
    const { memory, reasons } = freshMemory({ codecs });
    const cached = memory.cache(() => value, { id: 'named', captures });
    expect((await cached()).label).toBe('up');
    expect((await cached()).label).toBe('up');
    expect(reasons('hit')).toEqual([]);
  });
});

/** What of a node of pack() is compared. */
type Packed = Readonly<Record<'data' | 'r' | 'depth' | 'value', unknown>>;

describe('d3', () => {
  const maps = [interned(d3.InternMap as never, d3.InternSet as never)]; // any key, which the types of d3 narrow

  test('interned() keeps keys by value', async () => {
    const map = d3.rollup(
      [new Date(0), new Date(0), new Date(1)],
      (rows: unknown[]) => rows.length,
      (day: Date) => day,
    );
    const found = await throughStorage({ map, set: new d3.InternSet([new Date(5)]) }, maps);
    expect(found.map.get(new Date(0))).toBe(2);
    expect(found.set.has(new Date(5))).toBe(true);
    expect(found.map).toBeInstanceOf(d3.InternMap);
    expect(await computations([() => map, () => new d3.InternMap(map), () => new d3.InternMap()], maps)).toBe(
      2,
    );
  });

  test('interned() refuses a key function of its own', async () => {
    const odd = new d3.InternMap([['A', 1]], (key: string) => key.toLowerCase());
    const { memory, reasons } = freshMemory({ codecs: maps });
    const cached = memory.cache(() => odd, { id: 'odd', captures });
    expect((await cached()).get('a')).toBe(1);
    expect((await cached()).get('a')).toBe(1);
    expect(reasons('skip')).toEqual(['unserializable', 'unserializable']);
  });

  test('hierarchies() keep layout, values and shared nodes', async () => {
    const trees = [hierarchies(d3.hierarchy as never)]; // any data
    const root = d3.pack().size([8, 8])(
      d3
        .hierarchy({
          name: 'r',
          children: [
            { name: 'a', size: 1 },
            { name: 'b', size: 2 },
          ],
        } as { name: string; size?: number })
        .sum(({ size = 0 }) => size),
    );
    const [found, again] = await throughStorage([root, root] as const, trees);
    expect(found).toBe(again);
    expect(found.leaves().map(({ data, r, depth, value }: Packed) => [data, r, depth, value])).toEqual(
      root.leaves().map(({ data, r, depth, value }: Packed) => [data, r, depth, value]),
    );
    expect(found.leaves()[0]?.ancestors()[1]).toBe(found);
    expect(found.copy().height).toBe(1);
    const leaf = (at: number) => () => root.leaves()[at];
    expect(await computations([leaf(0), leaf(0), leaf(1), () => root], trees)).toBe(3);
  });
});

describe('web', () => {
  test('a Response may be read by the function that it is given to', async () => {
    const { memory, reasons } = freshMemory({ codecs: [response] });
    const run = vi.fn((value: Response) => value.json());
    const cached = memory.cache(run, { id: 'json', captures });
    const make = (a: number) => new Response(JSON.stringify({ a }), { headers: { 'x-a': 'b' } });
    for (const a of [1, 2, 1]) expect(await cached(make(a))).toEqual({ a });
    expect(run).toHaveBeenCalledTimes(2);
    expect(reasons('skip')).toEqual([]);
  });

  test('a Response says where it came from, and has no body where it had none', async () => {
    const fetched = await fetch('data:text/plain,hello');
    const [found, empty] = await throughStorage([fetched, new Response(null, { status: 204 })] as const, [
      response,
    ]);
    expect([found.url, found.type, found.status, await found.text()]).toEqual([
      fetched.url,
      fetched.type,
      200,
      'hello',
    ]);
    expect([empty.status, empty.body]).toEqual([204, null]);
  });

  test('pixels keep their alpha', async () => {
    const data = Uint8ClampedArray.from({ length: 256 * 4 }, (_, at) => (at % 4 === 3 ? at >> 2 : at * 7));
    const bitmap = await createImageBitmap(new ImageData(data, 16, 16));
    const read = (image: ImageBitmap) => {
      const context = new OffscreenCanvas(16, 16).getContext('2d');
      context?.drawImage(image, 0, 0);
      return context?.getImageData(0, 0, 16, 16).data;
    };
    expect(read(await throughStorage(bitmap, web))).toEqual(read(bitmap));
  });

  test('keys that cannot be exported are refused', async () => {
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, false, ['encrypt']);
    await expect(computations([() => key], web)).rejects.toThrow('not extractable');
  });

  test('form data keeps its order and its files', async () => {
    const form = new FormData();
    for (const [name, value] of [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ] as const)
      form.append(name, value);
    form.append('f', new File(['x'], 'x.txt', { type: 'text/plain' }));
    const found = await throughStorage(form, web);
    expect(found.getAll('a')).toEqual(['1', '3']);
    expect((found.get('f') as File).name).toBe('x.txt');
    expect(await (found.get('f') as File).text()).toBe('x');
  });
});

test('dataAndShape maps plain objects under their shape', async () => {
  const { memory } = freshMemory({ codecs: [dataAndShape] });
  const make = () => ({ data: Float32Array.from({ length: 6 }, (_, at) => at), shape: [2, 3] });
  const cached = memory.cache(make, { id: 'shape', captures, mmapMode: 'r' });
  for (const { data } of [await cached(), await cached()]) {
    expect(data).toBeInstanceOf(MappedArray);
    expect(data.shape).toEqual([2, 3]);
    expect(await data.rows(1)).toEqual(Float32Array.from([3, 4, 5]));
  }
});
