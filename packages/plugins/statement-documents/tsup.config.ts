import { library } from '../../../tools/tsup.preset.js'

export default library()
