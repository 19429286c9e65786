import { afterAll } from 'vitest'
import { removeTemporaryDirectories } from './temporary.ts'

// Vitest runs this before each test file: files share a process, and so what the kits remember.
afterAll(removeTemporaryDirectories)
