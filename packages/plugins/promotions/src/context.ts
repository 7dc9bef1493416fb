import type { PluginContext } from '@entrepot/core'
import type { PromotionsEvents } from './events.js'

/** What every use case of the plugin is given. */
export type PromotionsContext = PluginContext<object, PromotionsEvents, object>
