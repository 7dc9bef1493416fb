#!/usr/bin/env node
import { main } from './index.js'

// No await at the top level: this file is built as CommonJS, too.
void main(process.argv.slice(2))
