/** `npm run model`: see tools/proofs/model.ts. */
import '../tools/proofs/model.js'
