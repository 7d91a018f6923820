import type { ArchiveQuery } from './archive-query';
import { DELIVERY_QUERIES } from './delivery-queries';
import { FUNCTION_QUERIES } from './function-queries';
import { LOG_QUERIES } from './log-queries';

/** All that the workgroup holds. The tests run each of them over what the sandbox has produced. */
export const ARCHIVE_QUERIES: readonly ArchiveQuery[] = [...FUNCTION_QUERIES, ...LOG_QUERIES, ...DELIVERY_QUERIES];
