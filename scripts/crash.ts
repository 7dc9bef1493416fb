/** `npm run crash`: see tools/proofs/crash.ts. */
import '../tools/proofs/crash.js'
