/** A shared tier on plain HTTP. The room's door. */
export { RemoteTier } from './remote-tier.ts';
