import { library } from '../../../tools/tsup.preset.js'

export default library(['src/index.ts', 'src/bin.ts'])
