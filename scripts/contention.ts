/** `npm run contention`: see tools/proofs/contention.ts. */
import '../tools/proofs/contention.js'
