/** Libraries without declarations of their own, whose values tests use. */
declare module 'd3';
declare module 'luxon';
declare module 'three';
