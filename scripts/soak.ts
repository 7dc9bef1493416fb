/** `npm run soak`: see tools/proofs/soak.ts. */
import '../tools/proofs/soak.js'
