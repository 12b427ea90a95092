import { evolveInquiry } from '#schema/views/inquiry-fold.ts';
import type { InquiryView } from '#schema/views/inquiry.ts';
import type { Projection } from '#host/store/ports.ts';

export const inquiriesProjection: Projection<InquiryView> = {
  table: 'proj_inquiries',
  version: 1,
  key: ({ stream }) => (stream.stream_type === 'inquiry' ? stream.stream_id : null),
  evolve: evolveInquiry,
  columns: ({ workspace_id, status, requester, ref }) => ({
    workspace_id,
    status,
    principal_id: requester.id,
    ref,
  }),
};
