/** Packages that tests use and that have no types of their own. */
declare module 'three';
declare module 'd3';
